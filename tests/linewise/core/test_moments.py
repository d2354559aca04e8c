"""Moments as arrays hold them."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from linewise.core.moments import NEVER, days_between, microseconds

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_an_empty_moment_has_not_come_and_has_no_age():
    assert np.isnan(days_between(np.array([NEVER]), np.array([microseconds(NOW)]))[0])
    assert days_between(np.array([microseconds(NOW - timedelta(hours=12))]), np.array([microseconds(NOW)]))[0] == 0.5


def test_a_moment_is_the_same_in_every_zone_and_to_the_microsecond():
    late = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert microseconds(late) == 253_402_300_799_999_999
    assert microseconds(late.astimezone(timezone(timedelta(hours=-8)))) == microseconds(late.replace(tzinfo=None))
