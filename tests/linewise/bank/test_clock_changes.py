from datetime import UTC, datetime, timedelta

import pytest

from linewise.bank.clock_changes import ClockChange, clock_changes

HOUR = timedelta(hours=1)
FORWARD = datetime(2026, 3, 29, 1, tzinfo=UTC)
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_the_clocks_of_prague_go_forward_in_march_and_back_in_october() -> None:
    changes = list(clock_changes("Europe/Prague", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)))
    assert changes == [ClockChange(FORWARD, HOUR), ClockChange(BACK, -HOUR)]
    assert changes[0].twice is None
    assert changes[1].twice == (BACK - HOUR, BACK + HOUR)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (FORWARD - timedelta(microseconds=1), FORWARD, [FORWARD]),
        (FORWARD, BACK - timedelta(microseconds=1), []),
        (FORWARD, BACK, [BACK]),
        (BACK, FORWARD, []),
    ],
)
def test_a_change_counts_from_its_first_moment_on(first: datetime, last: datetime, expected: list[datetime]) -> None:
    assert [change.at for change in clock_changes("Europe/Prague", first, last)] == expected


def test_a_zone_may_change_its_clocks_by_half_an_hour() -> None:
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    assert [change.forward for change in clock_changes("Australia/Lord_Howe", *year)] == [-HOUR / 2, HOUR / 2]
    assert list(clock_changes("UTC", *year)) == []
