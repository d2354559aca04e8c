"""`linewise features build`: every customer's features as of a date, or of the dates of a backfill."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json
from cli.options import MOMENT, home_options, json_option

if TYPE_CHECKING:
    import pyarrow as pa

    from linewise.core.settings import Settings

__all__ = ["build"]


@click.command()
@click.option(
    "--as-of",
    "moments",
    multiple=True,
    type=MOMENT,
    help="Observation date in UTC; may be given several times (default: the bank's present moment).",
)
@click.option("--from", "first", type=MOMENT, help="First observation date of a backfill.")
@click.option("--to", "last", type=MOMENT, help="Last observation date of a backfill.")
@click.option("--every", type=click.Choice(["day", "week", "month"]), default="month", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads, a bucket each.")
@click.option("--check", is_flag=True, help="Write nothing: rebuild, and compare with the rows that are there.")
@json_option
@home_options
def build(
    settings: "Settings",
    *,
    moments: tuple[datetime, ...],
    first: datetime | None,
    last: datetime | None,
    every: Any,
    workers: int,
    check: bool,
    as_json: bool,
) -> None:
    """Compute every customer's features as of a date, or of where the customer's history ends.

    A backfill that was interrupted goes on where it was when the same command is given again.

    \b
    Example:
      linewise features build --as-of 1997-12-31 --as-of 1998-06-30
      linewise features build --from 2025-12-31 --to 2026-10-31 --every month
      linewise features build --as-of 2026-10-31 --check
    """
    from features.building import build_features, observation_pairs
    from features.observation import dates_between
    from linewise.bank.tables import open_bank
    from linewise.core.errors import UsageError

    if (first is None) != (last is None) or (first and moments):
        raise UsageError(
            "A backfill takes --from and --to together, and no --as-of.",
            "Both ends were expected, or observation dates.",
            "Run: linewise features build --from 2025-12-31 --to 2026-10-31 --every month",
        )
    dates = [moment.replace(tzinfo=UTC) for moment in moments]
    if first and last:
        dates = dates_between(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC), every)
    bank = open_bank(settings.paths)
    pairs = observation_pairs(bank, bank.clock(settings).now(), dates or None)
    if check:
        _check(settings, pairs, as_json)
        return
    with progress(pairs.num_rows, "features") as advance:
        report = build_features(settings.paths, pairs, advance, workers=workers)
    if as_json:
        show_json(asdict(report))
        return
    resumed = f" {report.resumed_buckets:,} had been written before an interruption." if report.resumed_buckets else ""
    say(
        f"Built {report.rows:,} rows of {report.customers:,} customers, as of {report.as_of_from:%Y-%m-%d} "
        f"to {report.as_of_until:%Y-%m-%d}, in {report.bucket_count:,} buckets;{resumed} {report.kept_rows:,} earlier "
        f"rows kept, {report.dropped_rows:,} of other definitions or of another bank dropped."
    )
    say("Next: linewise features materialize")


def _check(settings: "Settings", pairs: "pa.Table", as_json: bool) -> None:
    from features.verifying import verify_features
    from linewise.core.errors import DataCheckFailed

    with progress(pairs.num_rows, "rebuilt") as advance:
        found = verify_features(settings.paths, pairs, advance)
    if as_json:
        show_json(asdict(found) | {"is_identical": found.is_identical})
    if not found.is_identical:
        named = f", in {', '.join(found.different_features)}" if found.different_features else ""
        raise DataCheckFailed(
            f"Of {found.rows:,} rebuilt rows {found.missing_rows:,} are missing and {found.different_rows:,} differ"
            f"{named}.",
            "The rows that lie there were expected: the bank's tables have changed since, or the files have.",
            "Run the same command without --check to build them anew.",
        )
    if not as_json:
        say(f"All {found.rows:,} rebuilt rows are identical with those that are there.")
