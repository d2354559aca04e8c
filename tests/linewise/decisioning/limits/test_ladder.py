"""The candidates: made by the line in force and the policy alone, in steps, with what was asked among them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.limits.ladder import ladder, with_rung
from tests.builders import a_policy

POLICY = a_policy().decision.limit
lines = st.lists(st.integers(0, 10**9), min_size=1, max_size=5)


@given(current=lines)
def test_candidates_rise_from_the_line_in_force_in_steps(current: list[int]):
    rungs = ladder(np.array(current), POLICY)
    assert rungs.shape == (len(current), POLICY.grid_count)
    assert rungs[:, 0].tolist() == current
    assert (np.diff(rungs, axis=1) > 0).all()
    assert (rungs[:, 1:] % POLICY.step_amt == 0).all()


@given(current=lines)
def test_candidates_of_a_customer_do_not_depend_on_who_stands_beside(current: list[int]):
    together = ladder(np.array(current), POLICY)
    assert together.tolist() == [ladder(np.array([one]), POLICY)[0].tolist() for one in current]


def test_a_first_line_begins_at_the_least_and_ends_at_the_most():
    rungs = ladder(np.array([0]), POLICY)[0]
    assert (rungs[1], rungs[-1]) == (POLICY.minimum_amt, POLICY.new_line_most_amt)


def test_a_large_line_may_double():
    assert ladder(np.array([10_000_000]), POLICY)[0, -1] == 20_000_000


@pytest.mark.parametrize("amount", [100_050, 777_700, 10**10])
def test_an_amount_that_was_asked_for_is_among_the_candidates(amount: int):
    rungs = ladder(np.array([0, 100_050]), POLICY)
    moved = with_rung(rungs, np.array([amount, amount]))
    assert amount in moved[0]
    assert (moved[1, 0], (amount > 100_050) == (amount in moved[1, 1:])) == (100_050, True)


def test_what_was_promised_stays_a_candidate_beside_what_is_asked():
    small = replace(POLICY, grid_count=5)
    rungs = with_rung(ladder(np.array([1_000_000]), small), np.array([1_400_000]))
    both = with_rung(rungs, np.array([1_410_000]), kept_amt=np.array([1_400_000]))
    assert {1_400_000, 1_410_000} <= set(both[0].tolist())
