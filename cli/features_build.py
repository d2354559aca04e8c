"""`linewise features build`: every customer's features as of a date."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["build"]


@click.command()
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
