"""Deadlines in days: weekends are no working days, and a deadline never falls later than counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.working_days import add_days, add_working_days

FRIDAY = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, FRIDAY + timedelta(days=3)),
        (FRIDAY, 3, FRIDAY + timedelta(days=5)),
        (FRIDAY, 5, FRIDAY + timedelta(days=7)),
        (FRIDAY, 6, FRIDAY + timedelta(days=10)),
        (FRIDAY - timedelta(days=4), 3, FRIDAY - timedelta(days=1)),
        (FRIDAY + timedelta(days=1), 1, FRIDAY + timedelta(days=3)),
        (FRIDAY + timedelta(days=2), 0, FRIDAY),
    ],
)
def test_weekends_are_not_counted(start: datetime, days: int, end: datetime):
    assert add_working_days(start, days) == end


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 400))  # noqa: DTZ001
def test_a_deadline_falls_on_a_working_day_and_that_many_of_them_lie_before_it(start: datetime, days: int):
    end = add_working_days(start, days)
    assert end.weekday() < 5
    walked = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    if start.weekday() < 5:
        assert sum(day.weekday() < 5 for day in walked) == days


def test_calendar_days_keep_the_time_of_day():
    assert add_days(FRIDAY, 90) == datetime(2027, 2, 25, 15, 30, tzinfo=UTC)
