"""So many in a minute, however they come, each name by itself, and the worker's share of the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.errors import TooManyRequests
from serving.access.rates import MOST_BUCKETS, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_s_requests_may_come_at_once_and_the_next_one_says_when() -> None:
    clock = Clock()
    rate = Rate(60, 1, clock)
    for _ in range(60):
        rate.take("a")
    with pytest.raises(TooManyRequests, match="in 1 seconds") as refused:
        rate.take("a")
    assert refused.value.wait_seconds == 1
    rate.take("b")
    clock.now = 1.0
    rate.take("a")


def test_each_worker_lets_its_share_through() -> None:
    rate = Rate(60, 4, Clock())
    for _ in range(15):
        rate.take("a")
    with pytest.raises(TooManyRequests, match="in 4 seconds"):
        rate.take("a")


def test_names_that_are_made_up_do_not_fill_the_memory() -> None:
    rate = Rate(1, 1, Clock())
    for number in range(MOST_BUCKETS + 10):
        rate.take(str(number))
    assert len(rate._buckets) == MOST_BUCKETS


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 120), st.integers(1, 8))
def test_no_pattern_gets_more_through_than_a_bucket_and_what_flows_in(
    gaps: list[float], per_minute: int, workers: int
) -> None:
    clock = Clock()
    rate, through = Rate(per_minute, workers, clock), 0
    for gap in gaps:
        clock.now += gap
        try:
            rate.take("a")
        except TooManyRequests as err:
            assert 1 <= err.wait_seconds <= 60 * workers
        else:
            through += 1
    size = max(1.0, per_minute / workers)
    assert through <= size + clock.now * size / 60 + 1e-6
