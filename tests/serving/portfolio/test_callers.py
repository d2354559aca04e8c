"""Who is expected to call: who called before, more; who never did, seldom; where nobody tells, everyone."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.portfolio.callers import calling_ratio, expected_callers
from serving.scoring.opening import open_decider

YEAR = np.full(5, 365.0)


def test_more_calls_in_the_same_time_make_a_call_likelier():
    ratio = calling_ratio(np.array([0, 0, 1, 3, 12]), YEAR, 30.0)
    assert (np.diff(ratio[1:]) > 0).all()
    assert ratio[0] == ratio[1] > 0, "who never called may call"


def test_the_expected_callers_are_about_as_many_as_called_before():
    draw = np.random.default_rng(1)
    rate = draw.gamma(0.5, 2.0, 200_000)
    past = draw.poisson(rate)
    will_call = draw.poisson(rate * 30.0 / 365.0) > 0
    ratio = calling_ratio(past, np.full(len(past), 365.0), 30.0)
    assert ratio.sum() == pytest.approx(will_call.sum(), rel=0.02)
    for calls in (0, 2, 5):
        like = past == calls
        assert ratio[like].mean() == pytest.approx(will_call[like].mean(), abs=0.02)


def test_calls_that_are_all_alike_leave_everyone_alike():
    ratio = calling_ratio(np.ones(4, dtype=np.int64), np.full(4, 365.0), 365.0)
    assert ratio == pytest.approx(np.full(4, 1 - np.exp(-1)))


@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(0.0, 365.0)), min_size=0, max_size=20),
    st.floats(1.0, 366.0),
)
def test_every_probability_is_one(rows: list[tuple[int, float]], horizon: float):
    count, seen = np.array([one for one, _ in rows], dtype=np.int64), np.array([two for _, two in rows])
    ratio = calling_ratio(count, seen, horizon)
    assert ((ratio >= 0) & (ratio <= 1)).all()


def test_a_longer_time_expects_more_callers():
    count = np.array([0, 1, 2, 9])
    assert (calling_ratio(count, YEAR[:4], 90.0) > calling_ratio(count, YEAR[:4], 30.0)).all()


def test_a_bank_without_calls_counts_everyone_as_calling_once_and_says_so(served_home: Home):
    desk = open_decider(load_settings(home=served_home.root))
    ids, now = desk.customer_ids(), desk.clock.now()
    without = replace(desk.facts, tables={name: one for name, one in desk.facts.tables.items() if name != "calls"})
    callers = expected_callers(without, ids, now, 30.0)
    assert (callers.calling_ratio == 1.0).all()
    assert "no calls" in callers.source
    before = expected_callers(desk.facts, ids, datetime(2000, 1, 1, tzinfo=UTC), 30.0)
    assert "nobody called" in before.source
    known = expected_callers(desk.facts, ids, now, 30.0)
    assert 0 < known.calling_ratio.sum() < len(ids) / 2
