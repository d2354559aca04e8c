"""The days of the simulated bank: when its data begin and end, its months, weekends and festivals.

All moments are microseconds since 1970 in UTC; days are counted since 1970 in the bank's own time zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linewise.simulation.chance import Floats, Ints

__all__ = [
    "DATA_UNTIL",
    "DATA_UNTIL_US",
    "DAY_US",
    "FIRST_DAY",
    "HOUR_US",
    "LAST_DAY",
    "MONTHS",
    "MONTHS_COUNT",
    "TIME_ZONE",
    "Month",
    "festive_weight",
    "is_weekend",
    "local_us",
    "recorded_us",
]

TIME_ZONE = "Asia/Shanghai"
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
# China keeps one zone without daylight saving.
_ZONE_US = 8 * HOUR_US

# Ten in the morning at the bank: the hotline is open, and the night's batch has brought in the day before.
DATA_UNTIL = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DATA_UNTIL_US = int(DATA_UNTIL.timestamp()) * 1_000_000
MONTHS_COUNT = 30


def _day(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


FIRST_DAY = _day(2024, 6, 1)
LAST_DAY = _day(2026, 11, 19)

# New Year's Day of the Chinese calendar in the Gregorian one.
_SPRING_FESTIVALS = (_day(2025, 1, 29), _day(2026, 2, 17))


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month: index from 0, its first day and its last delivered day (both included)."""

    index: int
    year: int
    number: int
    first_day: int
    last_day: int
    is_whole: bool

    @property
    def days(self) -> Ints:
        """Its days, (n_days,)."""
        return np.arange(self.first_day, self.last_day + 1)


def _months() -> tuple[Month, ...]:
    months = []
    for index in range(MONTHS_COUNT):
        year, zero_based = divmod(2024 * 12 + 5 + index, 12)
        first, following = (
            _day(year, zero_based + 1, 1),
            _day(year + (zero_based == 11), (zero_based + 1) % 12 + 1, 1),
        )
        last = min(following - 1, LAST_DAY)
        months.append(Month(index, year, zero_based + 1, first, last, is_whole=last == following - 1))
    return tuple(months)


MONTHS = _months()


def local_us(day: ArrayLike, hour: ArrayLike = 0.0) -> Ints:
    """The moment of a local day and hour, to the second."""
    seconds = np.floor(np.asarray(hour, dtype=np.float64) * 3600).astype(np.int64)
    return np.asarray(day, dtype=np.int64) * DAY_US + seconds * 1_000_000 - _ZONE_US


def recorded_us(moment_us: Ints) -> Ints:
    """When the warehouse holds what happened then: one o'clock of the following night."""
    local_day = (moment_us + _ZONE_US) // DAY_US
    return local_us(local_day + 1, 1.0)


def is_weekend(day: Ints) -> NDArray[np.bool_]:
    """Saturday or Sunday; 1970 began on a Thursday."""
    return np.asarray((day + 3) % 7 >= 5, dtype=np.bool_)


def festive_weight(days: Ints) -> Floats:
    """How much more is bought on each day than on a plain weekday, (n_days,).

    The two weeks before Spring Festival are the year's peak and the festival week itself is quiet;
    National Day, 6.18 and Singles' Day stand out; weekends carry a fifth more.
    """
    month_day = np.array([_month_day(int(day)) for day in days])
    weight = np.where(is_weekend(days), 1.2, 1.0)
    for festival in _SPRING_FESTIVALS:
        weight = np.where((days >= festival - 14) & (days < festival), weight * 1.5, weight)
        weight = np.where((days >= festival) & (days < festival + 6), weight * 0.8, weight)
    weight = np.where((month_day >= 1001) & (month_day <= 1007), weight * 1.5, weight)
    weight = np.where((month_day >= 616) & (month_day <= 618), weight * 1.5, weight)
    return np.where(month_day == 1111, weight * 2.5, weight)


def _month_day(day: int) -> int:
    when = date.fromordinal(day + date(1970, 1, 1).toordinal())
    return when.month * 100 + when.day
