"""`linewise portfolio set-budget`: open a budget, or ask for another amount of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import MOMENT, home_options, json_option
from cli.signing import KEY_FILE, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.ledger.budgets import Kind

__all__ = ["set_budget_command"]

KINDS = ("money", "contacts", "exposure", "loss", "capital")


@click.command("set-budget")
@click.argument("budget_id", metavar="BUDGET")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What is scarce.")
@click.option(
    "--amount", metavar="N", required=True, help="How much, in major units of the bank's currency, or contacts."
)
@click.option("--from", "begins", type=MOMENT, required=True, help="From when on something may be promised out of it.")
@click.option("--until", "ends", type=MOMENT, required=True, help="Before when.")
@click.option(
    "--request-share",
    type=click.FloatRange(0, 1),
    help="The share put aside for what customers ask for (default: budgets.yaml of the policy; no money or contacts).",
)
@click.option("--reason", required=True, help="Why, in a sentence that a later reader understands.")
@click.option("--by", help="Who asks for it; in production --key instead.")
@click.option("--key", "key_path", type=KEY_FILE, help="The key file of whoever asks for it.")
@json_option
@home_options
def set_budget_command(  # noqa: PLR0913  each is one thing that a budget is made of
    settings: "Settings",
    *,
    budget_id: str,
    kind: "Kind",
    amount: str,
    begins: datetime,
    ends: datetime,
    request_share: float | None,
    reason: str,
    by: str | None,
    key_path: Path | None,
    as_json: bool,
) -> None:
    """Open a budget, or ask for another amount of it; the kind and time of one that is there never change.

    Outside production it is in force at once. In production it waits for the signatures of two other people
    (linewise portfolio approve-budget); an amount that is only lower waits for nobody.

    \b
    Example:
      linewise portfolio set-budget raises-11 --kind exposure --amount 5000000 --from 2026-11-01 --until 2026-12-01 \\
        --reason "the plan of November" --by ada
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.funding import Funding, propose_budget
    from linewise.ledger.signing import read_key_file
    from linewise.policy.promises import load_promises
    from linewise.policy.roles import load_roles
    from linewise.policy.standard_folder import policy_folder

    if (by is None) == (key_path is None):
        raise UsageError("Either --by NAME or --key FILE was expected.", "One of the two says who asks.")
    # What proposing takes, nobody asks for.
    aside = 0.0 if kind in {"money", "contacts"} else load_promises(policy_folder(settings.policy)).request_share_ratio
    share = aside if request_share is None else request_share
    funding = Funding(
        budget_id,
        kind,
        begins.replace(tzinfo=UTC),
        ends.replace(tzinfo=UTC),
        _amount(settings, kind, amount),
        share,
    )
    needed = load_roles(settings.policy).needed["raise_budget"] if settings.profile == "production" else None
    who = by if key_path is None else read_key_file(key_path)
    with opened_ledger(settings) as ledger:
        proposal_id, lacks = propose_budget(ledger, funding, reason, who or "", signing_now(settings), needed)
    say(f"{proposal_id}: {'waits, ' + lacks if lacks else 'in force'}.")
    if as_json:
        show_json({"proposal_id": proposal_id, "lacks": lacks, "amount_amt": funding.amount_amt})


def _amount(settings: "Settings", kind: str, amount: str) -> int:
    """Minor units of the loaded bank's currency; a number of contacts as it is."""
    from decimal import Decimal, InvalidOperation

    from linewise.bank.tables import open_bank
    from linewise.core.errors import UsageError
    from linewise.core.money import to_minor

    try:
        given = Decimal(amount)
        whole = int(given) if kind == "contacts" else to_minor(given, open_bank(settings.paths).manifest.currency)
    except (InvalidOperation, ValueError, OverflowError) as err:
        raise UsageError(f"{amount!r} is no amount.", "A number such as 5000000 was expected.") from err
    return whole
