"""A list ends where the next customer costs more than they bring."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linewise.quality.profit import profit_curve


def test_the_depth_is_where_the_sum_is_highest():
    curve = profit_curve(np.array([-5.0, 10.0, 3.0, -1.0]))
    assert (curve.best_depth, curve.best_amt) == (2, 13.0)
    assert curve.depths[0] == 0 and curve.depths[-1] == 4
    assert curve.profit_amt[-1] == 7.0


def test_where_nobody_brings_anything_nobody_is_acted_on():
    curve = profit_curve(np.array([-1.0, -2.0]))
    assert (curve.best_depth, curve.best_amt) == (0, 0.0)


@given(st.lists(st.integers(-1_000, 1_000), min_size=1, max_size=300))
def test_no_other_depth_brings_more(worth: list[int]):
    curve = profit_curve(np.array(worth, dtype=float))
    assert curve.best_amt == max(curve.profit_amt) == sum(one for one in worth if one > 0)
    assert curve.best_depth in curve.depths
