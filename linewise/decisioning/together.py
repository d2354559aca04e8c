"""What may stand beside each other on one screen, and the best few that a month can pay for together."""

from functools import lru_cache
from itertools import combinations

import numpy as np

from linewise.decisioning.choosing import front_sets, needs, ordered
from linewise.decisioning.types import Bools, Ints

__all__ = ["best_sets", "by_priority", "need_of"]

MOST_SETS = 500_000
"""So many sets are looked at together, which bounds the memory: all of three out of thirty for a hundred customers."""


def by_priority(priority: Ints, ties: Ints, candidates: Bools) -> Ints:
    """The places of the offers from the best down, (n_customers, n_offers), candidates before all others.

    Offers of one priority are ordered by `ties`.
    """
    return np.asarray(ordered(priority, ties, candidates))


def need_of(chosen: Bools, need_amt: Ints) -> Ints:
    """What a set costs a month, (n_customers,), of chosen (n_customers, n_offers) and need_amt (n_offers,)."""
    return np.asarray(needs(chosen, need_amt))


def best_sets(
    priority: Ints, order: Ints, candidates: Bools, clash: Bools, need_amt: Ints, budget_amt: Ints, most: int
) -> Bools:
    """The set of at most so many candidates with the highest sum of priorities, (n_customers, n_offers).

    No two of a set clash, (n_offers, n_offers) symmetric, and their needs, (n_offers,) a month, fit the budget
    (n_customers,) together. priority and candidates are (n_customers, n_offers), the priorities of candidates
    above zero; `order` is that of `by_priority`, and settles sets of equal worth.
    """
    chosen, is_apart = front_sets(order, candidates, clash, need_amt, budget_amt, most)
    # The best few are the best set wherever they go together, which is nearly everywhere.
    apart = np.flatnonzero(is_apart)
    if not len(apart):
        return np.asarray(chosen)
    width = int(candidates[apart].sum(axis=1).max())
    at_once = max(1, MOST_SETS // len(_sets(width, most)))
    for first in range(0, len(apart), at_once):
        some = apart[first : first + at_once]
        chosen[some] = _searched(
            priority[some], order[some, :width], candidates[some], clash, need_amt, budget_amt[some], most
        )
    return np.asarray(chosen)


@lru_cache(maxsize=64)
def _sets(width: int, most: int) -> Ints:
    """All sets of 0 to `most` of so many places, (n_sets, most); the place `width` stands for none."""
    every = [
        (*chosen, *[width] * (most - count))
        for count in range(most + 1)
        for chosen in combinations(range(width), count)
    ]
    return np.array(every, dtype=np.int64).reshape(len(every), most)


def _searched(
    priority: Ints, front: Ints, candidates: Bools, clash: Bools, need_amt: Ints, budget_amt: Ints, most: int
) -> Bools:
    """The same by looking at every set of the offers `front` (n_customers, width), the candidates among them."""
    count, width = front.shape
    sets, rows = _sets(width, most), np.arange(count)[:, None]

    def beside_none(values: Ints) -> Ints:
        return np.column_stack([values, np.zeros(count, dtype=values.dtype)])

    worth, need = beside_none(priority[rows, front])[:, sets], beside_none(need_amt[front])[:, sets]
    is_there = np.column_stack([candidates[rows, front], np.ones(count, dtype=np.bool_)])[:, sets]
    pairs = np.zeros((count, width + 1, width + 1), dtype=np.bool_)
    pairs[:, :width, :width] = clash[front[:, :, None], front[:, None, :]]
    clashes = np.zeros((count, len(sets)), dtype=np.bool_)
    for one, other in combinations(range(most), 2):
        clashes |= pairs[:, sets[:, one], sets[:, other]]
    is_possible = is_there.all(axis=2) & ~clashes & (need.sum(axis=2) <= budget_amt[:, None])
    best = np.where(is_possible, worth.sum(axis=2), -1).argmax(axis=1)
    members = np.zeros((count, priority.shape[1] + 1), dtype=np.bool_)
    members[rows, np.column_stack([front, np.full(count, priority.shape[1])])[rows, sets[best]]] = True
    return members[:, :-1]
