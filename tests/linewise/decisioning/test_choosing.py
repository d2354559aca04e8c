"""Compiled walks over the actions of a customer, held to what numpy says of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.choosing import chances, front_sets, help_places, needs, ordered, places_in
from linewise.decisioning.types import Bools, Ints

OFFERS = 6
numbers = st.lists(st.integers(-3, 3), min_size=OFFERS, max_size=OFFERS).map(lambda one: np.array([one]))
flags = st.lists(st.booleans(), min_size=OFFERS, max_size=OFFERS).map(lambda one: np.array([one]))


@given(numbers, numbers, flags)
def test_candidates_come_first_then_the_higher_priority_then_the_lower_tie(
    priority: Ints, ties: Ints, candidates: Bools
):
    expected = np.lexsort((ties, np.where(candidates, -priority, np.iinfo(np.int64).max)), axis=1)
    assert ordered(priority, ties, candidates).tolist() == expected.tolist()


@given(numbers, numbers, flags)
def test_places_and_chances_agree_on_who_leads(priority: Ints, ties: Ints, chosen: Bools):
    order = ordered(priority, ties, chosen)
    primary, count, pscore = chances(order, chosen, chosen, np.array([0.25]))
    rank = places_in(order, chosen, primary)
    assert count[0] == chosen.sum()
    assert sorted(rank[rank >= 0].tolist()) == list(range(chosen.sum()))
    if chosen.any():
        assert rank[0, primary[0]] == 0
        assert pscore.sum() == pytest.approx(1.0)
    else:
        assert pscore.sum() == 0.0


@pytest.mark.parametrize(
    ("need", "budget", "clashes", "is_apart"),
    [([1, 1, 1], 2, False, False), ([1, 2, 1], 2, False, True), ([0, 0, 0], 0, True, True)],
)
def test_the_best_few_stand_apart_where_they_clash_or_cost_too_much(
    need: list[int], budget: int, clashes: bool, is_apart: bool
):
    clash = np.zeros((3, 3), dtype=np.bool_)
    clash[0, 1] = clash[1, 0] = clashes
    every = np.ones((1, 3), dtype=np.bool_)
    chosen, apart = front_sets(np.array([[0, 1, 2]]), every, clash, np.array(need), np.array([budget]), 2)
    assert chosen.tolist() == [[True, True, False]]
    assert apart.tolist() == [is_apart]
    assert needs(chosen, np.array(need)).tolist() == [need[0] + need[1]]


def test_all_that_must_be_told_is_shown_and_only_so_many_services():
    lanes = np.array([2, 1, 0, 3, 1, 0])
    every = np.ones((1, OFFERS), dtype=np.bool_)
    assert help_places(every, lanes, 1).tolist() == [[-1, 2, 0, -1, -1, 1]]
    assert help_places(every & (lanes != 1), lanes, 1).tolist() == [[2, -1, 0, -1, -1, 1]]
