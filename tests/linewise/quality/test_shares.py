"""A share is told with its interval, and not at all of a handful."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.quality.shares import FEWEST, Share


@pytest.mark.parametrize(
    ("count", "of_count", "low", "high"),
    # By hand: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z = 1.959964.
    [(0, 10, 0.0, 0.27754), (5, 10, 0.23659, 0.76341), (10, 10, 0.72246, 1.0), (200, 1000, 0.17637, 0.22591)],
)
def test_the_interval_is_wilsons(count: int, of_count: int, low: float, high: float):
    assert Share(count, of_count).interval == pytest.approx((low, high), abs=1e-5)


def test_nothing_is_told_of_fewer_than_ten():
    few = Share(FEWEST - 1, FEWEST - 1)
    assert (few.is_small, few.ratio, few.interval) == (True, None, None)


@given(st.integers(FEWEST, 5_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_share(counted: tuple[int, int]):
    share = Share(*counted)
    assert share.interval is not None
    low, high = share.interval
    assert 0.0 <= low <= share.count / share.of_count <= high + 1e-12 <= 1.0 + 2e-12
