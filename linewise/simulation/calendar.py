"""The days of the simulated bank: where its months begin, when its data end, and which days are festive.

Days are counted since 1970 in the bank's own time zone; moments are seconds since 1970 in UTC.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.relativedelta import TH, relativedelta
from numpy.typing import NDArray

from linewise.simulation.chance import Floats, Ints
from linewise.simulation.profile import SEASON_CLASSES, Profile, Season

__all__ = ["DAY_S", "EXTRA_MONTHS", "WARM_UP_MONTHS", "Calendar", "day_of"]

DAY_S = 86_400
WARM_UP_MONTHS = 18
"""Lived before the data begin, so that debts and arrears stand as in a bank of long standing."""
EXTRA_MONTHS = 40
"""That can be lived after the data end, for what the judge alone may know."""

_LAST_MONTH = date(2026, 11, 1)
_LAST_DAY = date(2026, 11, 19)
_EPOCH = date(1970, 1, 1)


def day_of(when: date) -> int:
    """Days since 1970."""
    return (when - _EPOCH).days


class Calendar:
    """The months of a bank with data of `month_count` months, and of the time lived before and after them.

    Month 0 is the first with data; the months of the warm-up are negative.
    """

    def __init__(self, profile: Profile, month_count: int) -> None:
        self.profile = profile
        self.month_count = month_count
        self.time_zone = profile.time_zone
        self.currency = profile.currency
        self.first_day = day_of(self.month_begin(0))
        self.last_day = day_of(_LAST_DAY)
        end = datetime(2026, 11, 20, profile.data_end_hour, tzinfo=ZoneInfo(profile.time_zone))
        self.data_until = end.astimezone(UTC)
        self.data_until_s = int(self.data_until.timestamp())

    def month_begin(self, month: int) -> date:
        """The first day of a month."""
        return _LAST_MONTH + relativedelta(months=month - self.month_count + 1)

    @property
    def month_names(self) -> list[str]:
        """Of the months with data, (n_months,), such as 2026-11."""
        return [f"{self.month_begin(month):%Y-%m}" for month in range(self.month_count)]

    def cycle_end_day(self, cycle_day: NDArray[Any], month: NDArray[Any] | int) -> Ints:
        """The day at whose midnight the cycle of that month closes; shapes broadcast."""
        begins = self._month_begins[np.asarray(month) + WARM_UP_MONTHS + 1]
        return np.asarray(begins + np.asarray(cycle_day, dtype=np.int64) - 1, dtype=np.int64)

    def midnight_s(self, day: NDArray[Any]) -> Ints:
        """The moment at which each of these local days begins."""
        return self._midnights_s[np.asarray(day) - self.base_day]

    @cached_property
    def base_day(self) -> int:
        """The first day of the tables below."""
        return int(self._month_begins[0])

    @cached_property
    def _month_begins(self) -> Ints:
        months = range(-WARM_UP_MONTHS - 1, self.month_count + EXTRA_MONTHS + 2)
        return np.array([day_of(self.month_begin(month)) for month in months], dtype=np.int64)

    @cached_property
    def month_begins(self) -> Ints:
        """First days of the months from the one before the warm-up to the last that can be lived, (n,)."""
        return self._month_begins

    @cached_property
    def _midnights_s(self) -> Ints:
        zone = ZoneInfo(self.time_zone)
        days = range(self.base_day, int(self._month_begins[-1]) + 1)
        dates = [_EPOCH + timedelta(days=day) for day in days]
        moments = [datetime(one.year, one.month, one.day, tzinfo=zone).timestamp() for one in dates]
        return np.array(moments, dtype=np.int64)

    @cached_property
    def midnights_s(self) -> Ints:
        """Of every day from base_day on, (n_days,)."""
        return self._midnights_s

    @cached_property
    def day_weights(self) -> Floats:
        """What is bought on a day beside a plain weekday, (n_season_classes, n_days) from base_day on."""
        days = np.arange(self.base_day, int(self._month_begins[-1]) + 1)
        weights = np.ones((len(SEASON_CLASSES), len(days)))
        dates = [_EPOCH + timedelta(days=int(day)) for day in days]
        weights[:, [one.weekday() >= 5 for one in dates]] *= np.array(self.profile.weekend)[:, None]
        for season in self.profile.seasons:
            within = [self._is_in(season, one) for one in dates]
            weights[:, within] *= np.array(season.by)[:, None]
        return weights

    def _is_in(self, season: Season, day: date) -> bool:
        if season.month_days is not None:
            first, last = season.month_days
            return first <= day.month * 100 + day.day <= last
        if season.days is None:
            raise ValueError(f"season {season.name} has neither month_days nor days")
        low, high = season.days
        festivals = self.profile.spring_festivals if season.festival == "spring" else (_thanksgiving(day.year),)
        return any(low <= (day - festival).days <= high for festival in festivals)


def _thanksgiving(year: int) -> date:
    return date(year, 11, 1) + relativedelta(weekday=TH(4))
