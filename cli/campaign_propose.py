"""`linewise campaign propose`: whoever made a plan signs for it, so that others can approve it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import key_option, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["propose_command"]


@click.command("propose")
@click.argument("campaign_id", metavar="CAMPAIGN")
@key_option
@click.option("--meaning", default="planned it", show_default=True, help="What the signature stands for.")
@json_option
@home_options
def propose_command(settings: "Settings", campaign_id: str, key_path: Path, meaning: str, as_json: bool) -> None:
    """Sign a planned campaign for having made it, and write it down in the record with its control group.

    A plan that was proposed before is replaced, and whoever approved that one is asked anew. Exit 6 where what decides
    has changed since it was planned.

    \b
    Example:
      linewise campaign propose SPRING_CARDS --key mei.pem
    """
    from linewise.ledger.signing import read_key_file
    from serving.campaigns.approving.approval import propose
    from serving.campaigns.approving.standing import Standing
    from serving.campaigns.plan.files import read_plan

    plan, key = read_plan(settings.paths, campaign_id), read_key_file(key_path)
    with opened_ledger(settings) as ledger:
        terms, signed = propose(ledger, plan, Standing.now(settings), key, meaning, signing_now(settings))
    say(
        f"{signed.person.name} ({signed.person.role}) proposes {campaign_id}: {terms.treated_count:,} to be contacted, "
        f"{terms.control_count:,} in its control. It waits for {' or '.join(terms.approvers)}."
    )
    if as_json:
        show_json({
            "campaign_id": campaign_id, "plan_sha256": terms.plan_sha256, "words_sha256": terms.words_sha256,
            "name": signed.person.name, "role": signed.person.role, "at": signed.at,
        })  # fmt: skip
