"""A contact is made in the recipient's own hours: held where it would be too early, and never later than they close."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.contact_hours import ContactHours
from serving.campaigns.exporting.send_windows import send_window

HOURS = ContactHours(time(9), time(18))
SHANGHAI, PRAGUE, NEW_YORK = "Asia/Shanghai", "Europe/Prague", "America/New_York"


def local(zone: str, *when: int) -> datetime:
    return datetime(2026, *when, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("not_before", "not_after", "zone", "expected"),
    [
        ((12, 1, 9), (12, 1, 18), SHANGHAI, ("2026-12-01T09:00+08:00", "2026-12-01T18:00+08:00", False)),
        ((12, 1, 9), (12, 1, 18), PRAGUE, ("2026-12-01T09:00+01:00", "2026-12-01T18:00+01:00", True)),
        ((12, 1, 7), (12, 1, 12), SHANGHAI, ("2026-12-01T09:00+08:00", "2026-12-01T12:00+08:00", True)),
        ((12, 1, 15), (12, 1, 21), SHANGHAI, ("2026-12-01T15:00+08:00", "2026-12-01T18:00+08:00", True)),
        ((12, 1, 18), (12, 1, 21), SHANGHAI, ("2026-12-01T18:00+08:00", "2026-12-01T18:00+08:00", True)),
        # The clock there goes back an hour on that day: nine is nine all the same.
        ((11, 1, 9), (11, 1, 18), NEW_YORK, ("2026-11-01T09:00-05:00", "2026-11-01T18:00-05:00", True)),
        ((12, 1, 9), (12, 1, 18), "Nowhere/At_All", ("2026-12-01T09:00+00:00", "2026-12-01T18:00+00:00", True)),
    ],
    ids=["as planned", "moved", "too early", "too late", "as they close", "the clock goes back", "an unknown zone"],
)
def test_a_window_is_that_of_the_recipients_clock(
    not_before: tuple[int, ...], not_after: tuple[int, ...], zone: str, expected: tuple[str, str, bool]
) -> None:
    found = send_window(local(SHANGHAI, *not_before), local(SHANGHAI, *not_after), SHANGHAI, zone, HOURS)
    assert found is not None
    assert (found.local_not_before, found.local_not_after, found.is_moved) == expected


@pytest.mark.parametrize(("begins", "ends"), [(19, 21), (1, 8)], ids=["after they close", "before they open"])
def test_a_window_wholly_outside_the_hours_is_none(begins: int, ends: int) -> None:
    window = local(SHANGHAI, 12, 1, begins), local(SHANGHAI, 12, 1, ends)
    assert send_window(*window, SHANGHAI, SHANGHAI, HOURS) is None


MINUTES = st.integers(0, 365 * 24 * 60)
ZONES = st.sampled_from([SHANGHAI, PRAGUE, NEW_YORK, "Pacific/Kiritimati", "Asia/Kolkata", "UTC"])


@given(MINUTES, st.integers(0, 24 * 60), ZONES)
def test_nobody_is_ever_contacted_outside_the_hours_of_their_clock(begins: int, length: int, zone: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=begins)
    found = send_window(moment, moment + timedelta(minutes=length), SHANGHAI, zone, HOURS)
    if found is not None:
        assert HOURS.is_open(found.not_before, zone)
        assert HOURS.is_open(found.not_after, zone)
        assert found.not_before <= found.not_after
        assert found.local_not_before[:10] == found.local_not_after[:10]
