"""The bank's local time by whole numbers alone, so that every engine agrees on it, whatever its session's zone is.

A zone is a rule from instants to offsets; between two changes of the clock the offset stands still. The changes
are read from the zone database once and become a CASE over the seconds since 1970.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue, TimestampValue

__all__ = ["FIRST", "LAST", "day_of_month", "local_seconds", "offsets"]

FIRST = datetime(1990, 1, 1, tzinfo=UTC)
LAST = datetime(2040, 1, 1, tzinfo=UTC)
"""Beyond these two, the offset that held at them stands."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def local_seconds(
    posted_at: "TimestampValue", zone: str, first: datetime = FIRST, last: datetime = LAST
) -> "IntegerValue":
    """Seconds of the zone's wall clock since its 1 January 1970, 00:00: `// 86400` is the local day.

    Changes of the clock before `first` and after `last` are not looked for.
    """
    # Not EPOCH: DuckDB's takes a timestamp with a zone by the session's wall clock.
    epoch = ibis.literal(_EPOCH).cast("timestamp('UTC', 6)")
    seconds = posted_at.delta(epoch, unit="microsecond") // 1_000_000
    return seconds + _offset(seconds, offsets(zone, first, last))


def day_of_month(day: "IntegerValue") -> "IntegerValue":
    """The day of the month, 1 to 31, of a day counted from 1 January 1970.

    Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days: eras of 146,097 days
    that begin on 1 March, so that the leap day is the last.
    """
    of_era = (day + 719_468) % 146_097
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    day_of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    return day_of_year - (153 * month + 2) // 5 + 1


@cache
def offsets(zone: str, first: datetime, last: datetime) -> tuple[tuple[int, int], ...]:
    """From which second since 1970 on which offset in seconds holds, in order; the first holds before it too."""
    place = ZoneInfo(zone)
    found = [(_since_epoch(first), _offset_at(first, place))]
    # No clock of the last century changed twice within eight weeks and back again, Ramadan aside: days are safe.
    moment = first
    while moment < last:
        later = min(moment + timedelta(days=1), last)
        if _offset_at(later, place) != found[-1][1]:
            found.append((_change_between(moment, later, place), _offset_at(later, place)))
        moment = later
    return tuple(found)


def _change_between(before: datetime, after: datetime, place: ZoneInfo) -> int:
    low, high = _since_epoch(before), _since_epoch(after)
    old = _offset_at(before, place)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(_EPOCH + middle * _SECOND, place) == old:
            low = middle
        else:
            high = middle
    return high


def _offset(seconds: "IntegerValue", known: tuple[tuple[int, int], ...]) -> "IntegerValue | int":
    if len(known) == 1:
        return known[0][1]
    # Halves rather than a chain: fifty years of summer times are a hundred changes, and seven comparisons.
    middle = len(known) // 2
    return (seconds < known[middle][0]).ifelse(_offset(seconds, known[:middle]), _offset(seconds, known[middle:]))


def _offset_at(moment: datetime, place: ZoneInfo) -> int:
    offset = moment.astimezone(place).utcoffset()
    return 0 if offset is None else int(offset / _SECOND)


def _since_epoch(moment: datetime) -> int:
    return int((moment - _EPOCH) / _SECOND)
