"""What ranks the actions of a customer, compiled: their order, the set that leads it, and their places."""

from typing import Any

import numpy as np
from numba import njit

__all__ = ["chances", "front_sets", "help_places", "needs", "ordered", "places_in", "spoken_for"]


@njit(nogil=True, cache=True)
def _comes_before(one: int, other: int, priority: Any, ties: Any, candidates: Any) -> Any:
    if candidates[one] != candidates[other]:
        return candidates[one]
    if candidates[one] and priority[one] != priority[other]:
        return priority[one] > priority[other]
    return ties[one] < ties[other]


@njit(nogil=True, cache=True)
def ordered(priority: Any, ties: Any, candidates: Any) -> Any:
    """The places of the offers from the best down, (n_customers, n_offers): candidates first, then by priority."""
    order = np.empty(priority.shape, dtype=np.int64)
    for row in range(len(order)):
        for offer in range(order.shape[1]):
            at = offer
            while at > 0 and _comes_before(offer, order[row, at - 1], priority[row], ties[row], candidates[row]):
                order[row, at] = order[row, at - 1]
                at -= 1
            order[row, at] = offer
    return order


@njit(nogil=True, cache=True)
def needs(chosen: Any, need_amt: Any) -> Any:
    """What a set costs a month, (n_customers,)."""
    total = np.zeros(len(chosen), dtype=np.int64)
    for row in range(len(chosen)):
        for offer in range(chosen.shape[1]):
            if chosen[row, offer]:
                total[row] += need_amt[offer]
    return total


@njit(nogil=True, cache=True)
def front_sets(order: Any, candidates: Any, clash: Any, need_amt: Any, budget_amt: Any, most: int) -> Any:
    """The best few candidates, (n_customers, n_offers), and whether they cannot stand together, (n_customers,)."""
    chosen = np.zeros(candidates.shape, dtype=np.bool_)
    is_apart = np.zeros(len(chosen), dtype=np.bool_)
    for row in range(len(chosen)):
        need = 0
        for at in range(min(most, order.shape[1])):
            offer = order[row, at]
            if candidates[row, offer]:
                chosen[row, offer] = True
                need += need_amt[offer]
                for before in range(at + 1):
                    other = order[row, before]
                    is_apart[row] |= candidates[row, other] and clash[offer, other]
        is_apart[row] |= need > budget_amt[row]
    return chosen, is_apart


@njit(nogil=True, cache=True)
def chances(order: Any, chosen: Any, may_lead: Any, exploration: Any) -> Any:
    """The best of each set, how many might lead it (n_customers,), and with which probability each would.

    Of a set of nobody the first in the order stands for the best.
    """
    rows, width = order.shape
    primary, count = np.empty(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    pscore = np.zeros((rows, width))
    for row in range(rows):
        primary[row], is_any = order[row, 0], False
        for at in range(width):
            count[row] += may_lead[row, at]
            if not is_any and chosen[row, order[row, at]]:
                primary[row], is_any = order[row, at], True
        for offer in range(width):
            if may_lead[row, offer]:
                pscore[row, offer] = exploration[row] / count[row]
        if is_any:
            pscore[row, primary[row]] += 1.0 - (exploration[row] if count[row] > 0 else 0.0)
    return primary, count, pscore


@njit(nogil=True, cache=True)
def places_in(order: Any, chosen: Any, primary: Any) -> Any:
    """The place of each offer in its set, (n_customers, n_offers), -1 outside: the primary one first, then the best."""
    rank = np.full(order.shape, -1, dtype=np.int64)
    for row in range(len(order)):
        place = 0
        for at in range(order.shape[1]):
            offer = order[row, at]
            if chosen[row, offer] and offer != primary[row]:
                place += 1
                rank[row, offer] = place
        if chosen[row, primary[row]]:
            rank[row, primary[row]] = 0
    return rank


@njit(nogil=True, cache=True)
def spoken_for(speaks: Any, places: Any, is_relevant: Any) -> None:
    """Mark the actions that one of the columns speaks for: speaks (n_columns, n_customers), places (n_columns, …)."""
    for column in range(speaks.shape[0]):
        for row in range(speaks.shape[1]):
            if speaks[column, row] > 0.0:
                for offer in range(places.shape[1]):
                    is_relevant[row, offer] |= places[column, offer]


@njit(nogil=True, cache=True)
def help_places(is_relevant: Any, lanes: Any, shown_count: int) -> Any:
    """The place of what helps or must be told, (n_customers, n_offers), -1 where it is not shown.

    lanes (n_offers,): 0 all of which is shown, 1 and 2 of which `shown_count` are, 3 what is no help.
    """
    rank = np.full(is_relevant.shape, -1, dtype=np.int64)
    for row in range(len(rank)):
        place, most = 0, 0
        for lane in range(3):
            for offer in range(len(lanes)):
                if is_relevant[row, offer] and lanes[offer] == lane and (lane == 0 or place < most):
                    rank[row, offer] = place
                    place += 1
            if lane == 0:
                most = place + shown_count
    return rank
