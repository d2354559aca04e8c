"""`linewise features show`: what a decision would read of one customer."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["show"]


@click.command()
@click.argument("customer_id", metavar="CUSTOMER")
@json_option
@home_options
def show(settings: "Settings", customer_id: str, as_json: bool) -> None:
    """Show what a decision would read of one customer now, with the meaning of each feature.

    \b
    Example:
      linewise features show 2
    """
    from features.freshness import MEANINGS
    from features.showing import show_customer
    from linewise.bank.tables import open_bank

    shown = show_customer(settings.paths, customer_id, open_bank(settings.paths).clock(settings).now())
    if as_json:
        show_json(asdict(shown))
        return
    show_table(
        f"Customer {shown.customer_id} as of {shown.as_of:%Y-%m-%d %H:%M} UTC, {shown.age_days} days ago",
        ("feature", "value", "unit", "meaning"),
        [(one.name, _shown(one.value), one.unit, one.meaning) for one in shown.features],
    )
    say(f"These features are {shown.freshness}: {MEANINGS[shown.freshness]}.")


def _shown(value: float | int | None) -> str:
    if value is None:
        return "missing"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
