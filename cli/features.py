"""`linewise features`: build features as of a date, fill the online store, show one customer's."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["command"]


@click.group()
def command() -> None:
    """Build features as of a date, fill the online store, show one customer's.

    \b
    Example:
      linewise features build && linewise features materialize
    """


@command.command()
@click.option(
    "--as-of",
    "moments",
    multiple=True,
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Observation date in UTC; may be given several times (default: the bank's present moment).",
)
@json_option
@home_options
def build(settings: "Settings", moments: tuple[datetime, ...], as_json: bool) -> None:
    """Compute every customer's features as of a date, or of where the customer's history ends.

    \b
    Example:
      linewise features build --as-of 1997-12-31 --as-of 1998-06-30
    """
    from features.building import build_features, observation_pairs
    from linewise.bank.tables import open_bank

    bank = open_bank(settings.paths)
    dates = [moment.replace(tzinfo=UTC) for moment in moments]
    pairs = observation_pairs(bank, bank.clock(settings).now(), dates or None)
    with progress(pairs.num_rows, "features") as advance:
        report = build_features(settings.paths, pairs, advance)
    if as_json:
        show_json(asdict(report))
        return
    say(
        f"Built {report.rows:,} rows of {report.customers:,} customers, as of {report.as_of_from:%Y-%m-%d} "
        f"to {report.as_of_until:%Y-%m-%d}; {report.kept_rows:,} earlier rows kept, "
        f"{report.dropped_rows:,} of other definitions or of another bank dropped."
    )
    say("Next: linewise features materialize")


@command.command()
@json_option
@home_options
def materialize(settings: "Settings", as_json: bool) -> None:
    """Fill the online store with each customer's latest row, through Feast.

    \b
    Example:
      linewise features materialize
    """
    from features.materialising import materialise
    from linewise.bank.tables import open_bank

    report = materialise(settings.paths, open_bank(settings.paths).clock(settings).now())
    if as_json:
        show_json(asdict(report))
        return
    say(
        f"The online store holds {report.rows:,} customers, as of {report.as_of_from:%Y-%m-%d} "
        f"to {report.as_of_until:%Y-%m-%d}."
    )


@command.command()
@click.argument("customer_id", metavar="CUSTOMER")
@json_option
@home_options
def show(settings: "Settings", customer_id: str, as_json: bool) -> None:
    """Show what a decision would read of one customer now, with the meaning of each feature.

    \b
    Example:
      linewise features show 2
    """
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


def _shown(value: float | int | None) -> str:
    if value is None:
        return "missing"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
