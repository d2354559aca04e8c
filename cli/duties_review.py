"""`linewise duties review`: what a person decides of what a rule sent to a person."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_record
from cli.options import home_options, json_option
from cli.signing import KEY_FILE, bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.ledger.reviews import Verdict
    from linewise.ledger.store import Ledger

__all__ = ["review_command"]


@click.command("review")
@click.argument("duty_id", metavar="DUTY")
@click.option("--approve", "verdicts", flag_value="approved", multiple=True, help="The verdict: let it go through.")
@click.option("--refuse", "verdicts", flag_value="refused", multiple=True, help="The verdict: it stays withheld.")
@click.option("--reasons", required=True, help="Why, in a sentence that the customer may ask for.")
@click.option("--by", help="The reviewer's registered name; in profile 'production' --key is needed.")
@click.option("--key", "key_path", type=KEY_FILE, help="The reviewer's key file.")
@click.option("--amount", help="What is approved, in major units (default: what was asked for).")
@json_option
@home_options
def review_command(
    settings: "Settings",
    duty_id: str,
    verdicts: "tuple[Verdict, ...]",
    reasons: str,
    by: str | None,
    key_path: Path | None,
    amount: str | None,
    as_json: bool,
) -> None:
    """Decide what a rule sent to a person, within the amounts that are delegated to the reviewer's role.

    The amounts stand in delegations.yaml of the policy; above them a supervisor decides (exit 6). An
    approval goes into the record as an override. It lifts the review alone and no other rule.

    \b
    Example:
      linewise duties review 5d2f0d7e-8f0c-5f3b --approve --amount 20000 --reasons "payslips" --by rex
    """
    from linewise.bank.tables import open_bank
    from linewise.core.errors import UsageError
    from linewise.policy.delegations import load_delegations
    from linewise.policy.promises import load_promises
    from linewise.policy.roles import load_roles
    from linewise.policy.standard_folder import policy_folder
    from serving.scoring.reviewing import Ruling, review_duty

    if len(verdicts) != 1:
        raise UsageError(
            f"{' and '.join(verdicts) or 'No verdict'} was given.", "Either --approve or --refuse was expected."
        )
    _enforce_named(settings, by, key_path)
    currency = open_bank(settings.paths).manifest.currency
    delegated = load_delegations(settings.policy, currency)
    promises = load_promises(policy_folder(settings.policy))
    needed = load_roles(settings.policy).needed["raise_budget"] if settings.profile == "production" else None
    with opened_record(settings) as ledger:
        name = _reviewer(ledger, by, key_path)
        ruling = Ruling(verdicts[0], reasons, name, _minor(amount, currency))
        review = review_duty(ledger, duty_id, ruling, delegated, bank_now(settings), promises, needed)
    say(f"{review.verdict.capitalize()} by {review.by} ({review.role}): {review.duty.what}")
    if as_json:
        show_json(asdict(review))


def _enforce_named(settings: "Settings", by: str | None, key_path: Path | None) -> None:
    from linewise.core.errors import ApprovalMissing, UsageError

    if key_path is None and by is None:
        raise UsageError("Nobody is named.", "The reviewer's key file or name was expected.", "Give --key or --by.")
    if key_path is None and settings.profile == "production":
        raise ApprovalMissing(
            "A name alone decides nothing here.", "The reviewer's key file was expected.", "Give --key."
        )


def _reviewer(ledger: "Ledger", by: str | None, key_path: Path | None) -> str:
    """The name of whoever holds the key, or else the name given."""
    from linewise.ledger.people import read_people
    from linewise.ledger.signing import read_key_file

    if key_path is None:
        return str(by)
    with ledger.engine.connect() as connection:
        return read_people(connection).holder(read_key_file(key_path)).name


def _minor(amount: str | None, currency: str) -> int | None:
    from decimal import Decimal, InvalidOperation

    from linewise.core.errors import UsageError
    from linewise.core.money import to_minor

    if amount is None:
        return None
    try:
        given = Decimal(amount)
    except InvalidOperation:
        given = Decimal("NaN")
    if not given.is_finite() or given <= 0:
        raise UsageError(
            f"The amount {amount!r} cannot be approved.", f"More than nothing, in {currency}, was expected."
        )
    return to_minor(given, currency)
