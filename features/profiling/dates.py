"""Which observation date is profiled, and which one it is compared with."""

from collections.abc import Mapping
from datetime import datetime, time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.rows import open_rows, row_files
from linewise.core.clock import as_utc
from linewise.core.errors import UsageError
from linewise.core.home import Home

__all__ = ["COMPARABLE_RATIO", "chosen_dates", "row_counts", "show_moment"]

COMPARABLE_RATIO = 0.1
"""A date that nobody named is compared with only where it holds at least this share of the other's rows.

A customer whose history ended stands at a date of their own, and training builds rows as of each loan: such
dates hold a handful of rows, and everything would seem shifted against them.
"""

_DATES_NAMED = 12


def row_counts(home: Home) -> dict[datetime, int]:
    """How many rows there are of each observation date, in order of date; raises what `open_rows` raises."""
    open_rows(home)
    counts: dict[datetime, int] = {}
    for path in row_files(home):
        moments: pa.ChunkedArray = pq.read_table(path, columns=["event_timestamp"])["event_timestamp"]
        for one in pc.value_counts(moments).to_pylist():
            moment = as_utc(one["values"])
            counts[moment] = counts.get(moment, 0) + one["counts"]
    return dict(sorted(counts.items()))


def chosen_dates(
    counts: Mapping[datetime, int], as_of: datetime | None, reference: datetime | None
) -> tuple[datetime, datetime | None]:
    """The date to profile and the one to compare it with, None where there is none to compare with.

    Where they are not given: the newest date, and the oldest other one that holds enough rows
    (COMPARABLE_RATIO). A given day without a time stands for the one moment of that day. Raises UsageError
    where a given date has no rows, naming those there are.
    """
    shown = max(counts) if as_of is None else _found(as_of, counts)
    if reference is not None:
        return shown, _found(reference, counts)
    enough = COMPARABLE_RATIO * counts[shown]
    comparable = (moment for moment in sorted(counts) if moment != shown and counts[moment] >= enough)
    return shown, next(comparable, None)


def show_moment(moment: datetime) -> str:
    """A date, with its time of day where that is not midnight.

    >>> from datetime import UTC
    >>> show_moment(datetime(2026, 11, 30, tzinfo=UTC)), show_moment(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    ('2026-11-30', '2026-11-30T09:30:00')
    """
    return f"{moment:%Y-%m-%d}" if moment.time() == time() else f"{moment:%Y-%m-%dT%H:%M:%S}"


def _found(wanted: datetime, counts: Mapping[datetime, int]) -> datetime:
    asked = as_utc(wanted)
    if asked in counts:
        return asked
    same = [moment for moment in counts if moment.replace(microsecond=0) == asked]
    if asked.time() == time():
        same = [moment for moment in counts if moment.date() == asked.date()]
    if len(same) == 1:
        return same[0]
    raise UsageError(
        f"There are {'several moments' if same else 'no rows'} of {show_moment(asked)}.",
        f"One of these observation dates was expected: {_named(same or list(counts))}.",
        "Build another with: linewise features build --as-of DATE",
    )


def _named(moments: list[datetime]) -> str:
    """The dates, the newest of them where they are many."""
    names = [show_moment(moment) for moment in moments[-_DATES_NAMED:]]
    others = len(moments) - len(names)
    return ", ".join(names) + (f" and {others:,} earlier ones" if others else "")
