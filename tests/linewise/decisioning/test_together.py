"""The best few that go together: worth as much as any set of them, within the budget, at most one that borrows."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.choosing import ordered
from linewise.decisioning.together import best_sets

WIDTH = 7


def best_by_hand(priority, candidates, clash, need, budget, most) -> int:
    """The worth of the best set, by looking at all of them."""
    places = np.flatnonzero(candidates)
    return max(
        sum(int(priority[one]) for one in some)
        for size in range(most + 1)
        for some in combinations(places, size)
        if not clash[np.ix_(some, some)].any() and sum(need[one] for one in some) <= budget
    )


@given(
    priority=st.lists(st.integers(1, 9), min_size=WIDTH, max_size=WIDTH),
    candidates=st.lists(st.booleans(), min_size=WIDTH, max_size=WIDTH),
    need=st.lists(st.integers(0, 5), min_size=WIDTH, max_size=WIDTH),
    pairs=st.sets(st.tuples(st.integers(0, WIDTH - 1), st.integers(0, WIDTH - 1)), max_size=9),
    budget=st.integers(0, 9),
    most=st.integers(1, 3),
)
def test_no_set_of_offers_that_go_together_is_worth_more(priority, candidates, need, pairs, budget, most):
    clash = np.zeros((WIDTH, WIDTH), dtype=bool)
    for one, other in pairs:
        clash[one, other] = clash[other, one] = one != other
    worth, costs = np.array([priority, [1] * WIDTH]), np.array(need)
    may = np.array([candidates, [True] * WIDTH])
    order = ordered(worth, np.zeros_like(worth), may)
    chosen = best_sets(worth, order, may, clash, costs, np.array([budget, 0]), most)
    members = np.flatnonzero(chosen[0])
    assert not clash[np.ix_(members, members)].any()
    assert len(members) <= most and costs[members].sum() <= budget and np.array(candidates)[members].all()
    assert worth[0, members].sum() == best_by_hand(worth[0], candidates, clash, need, budget, most)


def test_a_dear_card_gives_way_to_two_cheap_ones_that_are_worth_more_together():
    worth, need = np.array([[5, 4, 3]]), np.array([10, 5, 5])
    may = np.ones((1, 3), dtype=bool)
    order = ordered(worth, np.zeros_like(worth), may)
    chosen = best_sets(worth, order, may, np.zeros((3, 3), dtype=bool), need, np.array([12]), 3)
    assert chosen.tolist() == [[False, True, True]]
