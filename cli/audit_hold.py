"""`linewise audit hold`: a legal hold on a customer's records, and its end."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["hold"]


@click.command()
@click.argument("customer_id", metavar="CUSTOMER")
@click.option("--reason", required=True, help="Why; it stays in the record for good.")
@click.option("--by", required=True, help="Who holds or releases.")
@click.option("--release", is_flag=True, help="End the hold.")
@json_option
@home_options
def hold(settings: "Settings", customer_id: str, reason: str, by: str, release: bool, as_json: bool) -> None:
    """Keep a customer's records whole, whatever their retention, until the hold is released.

    \b
    Example:
      linewise audit hold C00000001 --reason "court file 7 O 12/26" --by legal
    """
    from datetime import UTC, datetime

    from linewise.ledger.holds import legal_hold, release_hold

    change = release_hold if release else legal_hold
    with opened_record(settings) as ledger:
        change(ledger, customer_id, reason, by, datetime.now(UTC))
    if as_json:
        show_json({"customer_id": customer_id, "is_held": not release, "by": by, "reason": reason})
        return
    say("The hold is released." if release else "Held: nothing of this customer is erased or purged.")
