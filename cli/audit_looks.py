"""`linewise audit looks`: who looked at which customer, and why."""

from typing import TYPE_CHECKING

import click

from cli.console import show_json, show_table
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["looks"]


@click.command()
@click.option("--customer", "customer_id", default="", help="Looks at this customer alone.")
@click.option("--who", default="", help="Looks by this person or machine alone.")
@click.option("--off-call", "is_off_call", is_flag=True, help="Only those for a reason, or of a record for two people.")
@click.option("--days", default=0, type=click.IntRange(0), help="Of the last days (default: all).")
@click.option("--most", default=200, show_default=True, type=click.IntRange(1), help="How many, the latest first.")
@json_option
@home_options
def looks(
    settings: "Settings", customer_id: str, who: str, is_off_call: bool, days: int, most: int, as_json: bool
) -> None:
    """Every look at a customer: who, as what, why and when; never what was seen.

    Customers stand in it under a keyed name. Without --customer nobody learns who they are.

    \b
    Example:
      linewise audit looks --off-call --days 7
    """
    from datetime import UTC, datetime

    from linewise.ledger.looks import looks_at

    with opened_record(settings) as ledger:
        found = looks_at(
            ledger,
            customer_id=customer_id,
            who=who,
            is_off_call=is_off_call,
            days=days,
            most=most,
            now=datetime.now(UTC),
        )
    if as_json:
        show_json(found)
        return
    rows = [
        (
            f"{one['at']:%Y-%m-%d %H:%M:%S}",
            one["who"],
            one["roles"],
            one["customer_token"][:12],
            one["why"].replace("_", " "),
            one["reason"],
            one["second_person"],
        )
        for one in found
    ]
    show_table("Looks", ("at (UTC)", "who", "as", "customer", "why", "reason", "let in by"), rows)
