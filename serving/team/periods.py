"""The stretches of time that a team's figures are told for, in days and weeks of the bank's own zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["PERIODS", "Period", "kept_back", "period_of", "weeks_before"]

PERIODS = {"days": (28, 1), "weeks": (13, 7)}
"""Name: how many buckets, of how many days each."""

AFTER_AN_ORDER = timedelta(days=30)
"""An order is kept once so long has passed."""


@dataclass(frozen=True, slots=True)
class Period:
    """Buckets that follow each other; starts: their first days; edges: their starts and the end of the last, UTC."""

    name: str
    starts: Sequence[date]
    edges: Sequence[datetime]

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.edges[0]

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.edges[-1].date() - timedelta(days=1)

    @property
    def end(self) -> datetime:
        """Before when it ends."""
        return self.edges[-1]


def _ending(name: str, last_day: date, zone: str, count: int, days: int) -> Period:
    where = ZoneInfo(zone)
    starts = [last_day - timedelta(days=days * back - 1) for back in range(count, 0, -1)]
    # Midnight of the bank, also over a change of its clocks.
    edges = [datetime.combine(day, time(), where) for day in (*starts, last_day + timedelta(days=1))]
    return Period(name, starts, edges)


def period_of(name: str, now: datetime, zone: str) -> Period:
    """The period up to the end of today; zone: the IANA name of the bank's."""
    count, days = PERIODS[name]
    return _ending(name, now.astimezone(ZoneInfo(zone)).date(), zone, count, days)


def kept_back(name: str, now: datetime, zone: str) -> Period:
    """The period of the same length whose orders are all old enough to have been kept or not."""
    count, days = PERIODS[name]
    return _ending(name, (now.astimezone(ZoneInfo(zone)) - AFTER_AN_ORDER).date(), zone, count, days)


def weeks_before(now: datetime, zone: str, count: int) -> Period:
    """The seven days up to now, and so many weeks before."""
    return _ending("weeks", now.astimezone(ZoneInfo(zone)).date(), zone, count + 1, 7)
