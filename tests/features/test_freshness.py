"""The age of a row in a word, at its thresholds."""

from datetime import timedelta

import pytest

from features.feast_objects import feast_objects
from features.freshness import STALE_AFTER, TOO_OLD_AFTER, freshness_of
from linewise.core.home import Home
from tests.features.builders import NOW

A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("age", "word"),
    [
        (timedelta(0), "fresh"),
        (timedelta(days=31), "fresh"),
        (timedelta(days=31) + A_MOMENT, "stale"),
        (timedelta(days=92), "stale"),
        (timedelta(days=92) + A_MOMENT, "too old"),
    ],
)
def test_an_age_is_fresh_or_stale_or_too_old(age: timedelta, word: str) -> None:
    assert freshness_of(NOW - age, NOW) == word


def test_feast_serves_no_row_that_is_too_old(home: Home) -> None:
    assert feast_objects(home).view.ttl == TOO_OLD_AFTER > STALE_AFTER
