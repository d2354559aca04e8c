"""`linewise campaign approve`: another person's signature on a campaign, its words and its disclosures."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import KEY_FILE, signing_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linewise.core.settings import Settings
    from linewise.ledger.campaigns import CampaignTerms
    from serving.campaigns.approving.wording import Worded
    from serving.campaigns.plan.files import Plan

__all__ = ["approve_command"]


@click.command("approve")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--key", "key_path", type=KEY_FILE, help="The signer's key file.")
@click.option("--meaning", help="What was looked at, and what the signature stands for.")
@click.option("--dry-run", is_flag=True, help="Show what would be signed, and sign nothing.")
@json_option
@home_options
def approve_command(
    settings: "Settings",
    *,
    campaign_id: str,
    key_path: Path | None,
    meaning: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Approve a campaign that somebody else proposed, by signing its plan, its words and its disclosures.

    It lives once enough of the approvers named in its file have signed: from then on no door proposes its offers to
    its control group. A changed file, list, release, policy or feature voids it. Exit 6 where this person may not, or
    something has changed.

    \b
    Example:
      linewise campaign approve SPRING_CARDS --dry-run
      linewise campaign approve SPRING_CARDS --key lin.pem --meaning "words and disclosures read"
    """
    from dataclasses import asdict

    from linewise.core.errors import UsageError
    from linewise.ledger.signing import read_key_file
    from serving.campaigns.approving.approval import approve, terms_of
    from serving.campaigns.approving.standing import Standing, enforce_unchanged
    from serving.campaigns.approving.wording import wording_of
    from serving.campaigns.plan.files import read_plan

    if not dry_run and (key_path is None or meaning is None):
        raise UsageError(
            "--key FILE and --meaning TEXT were expected.",
            "What is approved is signed, and its reader must know what for.",
            f"See what would be signed with: linewise campaign approve {campaign_id} --dry-run",
        )
    plan, standing = read_plan(settings.paths, campaign_id), Standing.now(settings)
    words = wording_of(plan.brief, standing.policy.catalogue)
    told: dict[str, object] = {"campaign_id": campaign_id, "words": [asdict(one) for one in words]}
    if key_path is None or meaning is None:
        enforce_unchanged(plan, standing)
        _show(plan, terms := terms_of(plan, standing), words)
    else:
        key = read_key_file(key_path)
        with opened_ledger(settings) as ledger:
            terms, signed, lacks = approve(ledger, plan, standing, key, meaning, signing_now(settings))
        say(f"{signed.person.name} ({signed.person.role}) approved {campaign_id}: {lacks or 'it lives'}.")
        told |= {"lacks": lacks, "name": signed.person.name, "role": signed.person.role, "at": signed.at}
    if as_json:
        show_json(told | {"plan_sha256": terms.plan_sha256, "words_sha256": terms.words_sha256})


def _show(plan: "Plan", terms: "CampaignTerms", words: "Sequence[Worded]") -> None:
    # Line by line and no table: whoever approves has to read each text to its end.
    for one in words:
        sent_as = " ".join(part for part in (one.channel, one.template_code, one.signature) if part)
        say(f"\n{one.offer_id} by {sent_as}, {one.language}: {one.title}")
        for text in (one.says, one.terms, f"{one.disclosure}: {one.disclosure_text}"):
            say(f"  {text}")
    window = plan.brief.window
    say(
        f"\n{terms.treated_count:,} are contacted from {window.first_day} to {window.last_day}; from "
        f"{terms.control_count:,} its offers are kept in every door until a response counts no more, "
        f"{plan.brief.response_days} days later."
    )
    say(f"Made by {terms.made_by}; may be approved by {', '.join(terms.approvers)}. Plan {terms.plan_sha256[:12]}.")
