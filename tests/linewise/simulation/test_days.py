from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from linewise.simulation.days import (
    DATA_UNTIL,
    DATA_UNTIL_US,
    LAST_DAY,
    MONTHS,
    festive_weight,
    is_weekend,
    local_us,
    recorded_us,
)


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def test_the_data_end_on_one_fixed_morning() -> None:
    assert datetime(2026, 11, 20, 2, 0, tzinfo=UTC) == DATA_UNTIL
    assert day("2026-11-19") == LAST_DAY


def test_thirty_months_follow_each_other_and_only_the_last_is_cut() -> None:
    assert [(MONTHS[0].year, MONTHS[0].number), (MONTHS[-1].year, MONTHS[-1].number)] == [(2024, 6), (2026, 11)]
    assert all(later.first_day == sooner.last_day + 1 for sooner, later in pairwise(MONTHS))
    assert [month.is_whole for month in MONTHS] == [True] * 29 + [False]


def test_a_local_morning_is_the_night_before_in_utc() -> None:
    assert local_us(day("2026-01-01"), 7.5) == np.datetime64("2025-12-31T23:30:00", "us").astype(np.int64)


def test_what_happens_on_the_last_day_is_recorded_before_the_data_end() -> None:
    latest = local_us(np.array([LAST_DAY]), 23.999)
    assert latest < recorded_us(latest) < DATA_UNTIL_US


def test_weekends_are_saturdays_and_sundays() -> None:
    week = np.arange(day("2026-11-16"), day("2026-11-23"))
    assert list(is_weekend(week)) == [False] * 5 + [True] * 2


def test_singles_day_outshines_national_day_and_the_week_of_spring_festival_is_quiet() -> None:
    names = ("2025-11-11", "2025-10-01", "2025-02-03", "2025-03-03")
    singles_day, national_day, festival_week, plain = festive_weight(np.array([day(name) for name in names]))
    assert singles_day > national_day > plain > festival_week
