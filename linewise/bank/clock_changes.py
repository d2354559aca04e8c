"""When a zone changes its clocks: the hours that occur twice there, and those that do not occur at all."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from linewise.core.clock import as_utc

__all__ = ["ClockChange", "clock_changes"]


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The first moment of the new time, in UTC, and how far the clocks were put forward (negative: back)."""

    at: datetime
    forward: timedelta

    @property
    def twice(self) -> tuple[datetime, datetime] | None:
        """From when to when, the end not included, each local time occurs twice; None where clocks go forward."""
        return (self.at + self.forward, self.at - self.forward) if self.forward < timedelta() else None


def clock_changes(time_zone: str, first: datetime, last: datetime) -> Iterator[ClockChange]:
    """The changes of clocks in the zone after `first` and up to `last`, in their order.

    >>> from datetime import UTC
    >>> year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    >>> [str(change.at) for change in clock_changes("America/New_York", *year)]
    ['2026-03-08 07:00:00+00:00', '2026-11-01 06:00:00+00:00']
    >>> list(clock_changes("Asia/Shanghai", *year))
    []
    """
    zone, known = ZoneInfo(time_zone), as_utc(first)
    while known < last:
        # No zone has changed its clocks twice within a day.
        ahead = min(known + timedelta(days=1), as_utc(last))
        forward = _offset(zone, ahead) - _offset(zone, known)
        if forward:
            yield ClockChange(_first_of_new_time(zone, known, ahead), forward)
        known = ahead


def _first_of_new_time(zone: ZoneInfo, old: datetime, new: datetime) -> datetime:
    """Between a moment of the old time and one of the new, to the second."""
    low, high = math.floor(old.timestamp()), math.ceil(new.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        is_old = _offset(zone, datetime.fromtimestamp(middle, UTC)) == _offset(zone, old)
        low, high = (middle, high) if is_old else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
