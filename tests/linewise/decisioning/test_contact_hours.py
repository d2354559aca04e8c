"""Quiet hours by the customer's own clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from linewise.decisioning.contact_hours import ContactHours

US = ContactHours(time(8), time(21))
CN = ContactHours(time(9), time(20), time(13), frozenset({date(2026, 10, 1)}))


@pytest.mark.parametrize(
    ("zone", "there", "expected"),
    [
        ("America/New_York", "2026-11-23 07:59", "2026-11-23 08:00"),
        ("America/New_York", "2026-11-23 08:00", "2026-11-23 08:00"),
        ("America/New_York", "2026-11-23 21:00", "2026-11-23 21:00"),
        ("America/New_York", "2026-11-23 21:01", "2026-11-24 08:00"),
        ("America/New_York", "2026-12-31 23:59", "2027-01-01 08:00"),
        # The nights in which the clocks change are eleven and thirteen hours long.
        ("America/New_York", "2026-10-31 21:30", "2026-11-01 08:00"),
        ("America/New_York", "2026-03-07 21:30", "2026-03-08 08:00"),
        # Clocks jump at midnight here: the day begins at one.
        ("America/Santiago", "2026-09-05 22:00", "2026-09-06 08:00"),
        ("Asia/Kathmandu", "2026-11-23 07:59", "2026-11-23 08:00"),
    ],
)
def test_what_comes_too_early_or_too_late_waits_until_the_hours_open(zone: str, there: str, expected: str):
    moment, opens = (datetime.fromisoformat(one).replace(tzinfo=ZoneInfo(zone)) for one in (there, expected))
    assert US.next_allowed(moment, zone) == opens
    assert US.is_open(moment, zone) == (there == expected)


def test_the_same_moment_is_allowed_where_the_customer_is_awake_and_held_where_not():
    moment = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert US.is_open(moment, "America/New_York")
    assert US.next_allowed(moment, "America/Los_Angeles") == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_who_moves_is_called_by_the_new_clock():
    held = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert US.next_allowed(held, "America/Los_Angeles") > held
    assert US.next_allowed(held, "America/New_York") == held


def test_the_morning_of_a_holiday_is_quiet():
    eight = datetime(2026, 10, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert CN.next_allowed(eight, "Asia/Shanghai") == eight.replace(hour=13)
    assert CN.is_open(eight.replace(day=2), "Asia/Shanghai")


def test_hours_that_never_open_and_zones_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="cannot close at 08:00"):
        ContactHours(time(9), time(8))
    with pytest.raises(ZoneInfoNotFoundError):
        US.is_open(datetime(2026, 1, 1, tzinfo=UTC), "Europe/Atlantis")
