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

    Lists of campaigns' plans, and what models learn from campaigns, hold the tombstone in the customer's place from
    then on. Files of exports stay, for they are what was sent: each that holds the customer is named.

    \b
    Example:
      linewise audit erase C00000001 --reason "request 2026-114" --by privacy.officer
    """
    from datetime import UTC, datetime

    from serving.campaigns.forgetting.erasing import erase_everywhere

    with opened_record(settings) as ledger:
        erased = erase_everywhere(settings.paths, ledger, customer_id, reason, by, datetime.now(UTC))
    erasure = erased.erasure
    if as_json:
        rewritten, kept = ([asdict(one) for one in holdings] for holdings in (erased.rewritten, erased.kept))
        show_json({**asdict(erasure), "rewritten": rewritten, "kept": kept})
        return
    say(
        f"Erased: {erasure.decisions:,} decisions and what {erasure.other_rows:,} other rows of the ledger said of the "
        f"customer. The tombstone is {erasure.customer_ref}."
    )
    for one in erased.rewritten:
        say(f"The tombstone stands in the customer's place in {one.path}.")
    for one in erased.kept:
        if one.kind == "draft":
            say(f"{one.path} is of an interrupted export and may hold the customer: go on with that export.")
        else:
            say(f"{one.path} and its CSV hold {one.row_count:,} rows of the customer, as they were sent.")
    if erased.kept:
        say("Delete files that were sent where nobody needs them any more, and have the gateway delete its own.")
    say("The bank's own tables, the feature store and backups of the key file are not touched by this command.")
