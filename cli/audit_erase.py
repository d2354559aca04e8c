"""`linewise audit erase`: a customer's erasure from the decision record."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["erase"]


@click.command()
@click.argument("customer_id", metavar="CUSTOMER")
@click.option("--reason", required=True, help="Why; it stays in the record for good, so name no person in it.")
@click.option("--by", required=True, help="Who erases.")
@json_option
@home_options
def erase(settings: "Settings", customer_id: str, reason: str, by: str, as_json: bool) -> None:
    """Destroy the keys of a customer's decisions and leave a tombstone; there is no way back.

    \b
    Example:
      linewise audit erase C00000001 --reason "request 2026-114" --by privacy.officer
    """
    from datetime import UTC, datetime

    from linewise.ledger.erasing import erase_customer

    with opened_record(settings) as ledger:
        erasure = erase_customer(ledger, customer_id, reason, by, datetime.now(UTC))
    if as_json:
        show_json(asdict(erasure))
        return
    say(
        f"Erased: {erasure.decisions:,} decisions and what {erasure.other_rows:,} other rows of the ledger said of the "
        f"customer. The tombstone is {erasure.customer_ref}."
    )
    say("The bank's own tables, the feature store and backups of the key file are not touched by this command.")
