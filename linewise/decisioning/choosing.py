"""What ranks the actions of a customer, compiled: their order, the set that leads it, and their places."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["chances", "front_sets", "help_places", "needs", "ordered", "places_in", "search_sets", "spoken_for"]


@compiled
def ordered(priority: Any, ties: Any, candidates: Any) -> Any:
    """The places of the offers from the best down, (n_customers, n_offers): candidates first, then by priority."""
    order = np.empty(priority.shape, dtype=np.int64)
    for row in range(order.shape[0]):
        for offer in range(order.shape[1]):
            at, is_candidate = offer, candidates[row, offer]
            # Of what is no candidate the ties alone count.
            worth, tie = priority[row, offer] if is_candidate else 0, ties[row, offer]
            while at > 0:
                other = order[row, at - 1]
                if candidates[row, other] != is_candidate:
                    comes_first = is_candidate
                elif is_candidate and priority[row, other] != worth:
                    comes_first = worth > priority[row, other]
                else:
                    comes_first = tie < ties[row, other]
                if not comes_first:
                    break
                order[row, at] = other
                at -= 1
            order[row, at] = offer
    return order


@compiled
def needs(chosen: Any, need_amt: Any) -> Any:
    """What a set costs a month, (n_customers,)."""
    total = np.zeros(len(chosen), dtype=np.int64)
    for row in range(len(chosen)):
        for offer in range(chosen.shape[1]):
            if chosen[row, offer]:
                total[row] += need_amt[offer]
    return total


@compiled
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


@compiled
def _goes(members: Any, clash: Any, need_amt: Any, budget: int) -> bool:
    """Whether no two of a set clash and a month pays for all of it."""
    need = 0
    for one in range(len(members)):
        need += need_amt[members[one]]
        for other in range(one):
            if clash[members[one], members[other]]:
                return False
    return need <= budget


@compiled
def _next(places: Any, at: int, width: int) -> bool:
    """Move on to the next places in ascending order that differ at `at` or before; False where there are none."""
    size = len(places)
    while at >= 0 and places[at] == width - size + at:
        at -= 1
    if at < 0:
        return False
    places[at] += 1
    for behind in range(at + 1, size):
        places[behind] = places[behind - 1] + 1
    return True


@compiled
def search_sets(
    rows: Any, priority: Any, order: Any, candidates: Any, clash: Any, need_amt: Any, budget_amt: Any, chosen: Any
) -> None:
    """Put the best set in the place of what was chosen for these rows, of as many members at most.

    Sets are looked at from the small to the large and in the order of their members, and the first of highest worth is
    taken. Priorities fall along the order: once a set is worth no more than the best, neither is it with a later one in
    the place of its last member.
    """
    for row in rows:
        width, most = candidates[row].sum(), chosen[row].sum()
        chosen[row] = False
        highest = 0
        for size in range(1, most + 1):
            places, is_more = np.arange(size), True
            while is_more:
                members, changes = order[row][places], size - 1
                worth = priority[row][members].sum()
                if worth <= highest:
                    changes -= 1
                elif _goes(members, clash, need_amt, budget_amt[row]):
                    highest, chosen[row] = worth, False
                    for member in members:
                        chosen[row, member] = True
                is_more = _next(places, changes, width)


@compiled
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


@compiled
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


@compiled
def spoken_for(speaks: Any, named_by: Any, needs_nothing: Any, is_carried: Any) -> Any:
    """Which actions are carried and need nothing or are spoken for by a column above zero, (n_customers, n_offers).

    speaks (n_columns, n_customers), missing where it is not known; named_by (n_columns, n_offers); the others
    (n_offers,).
    """
    is_relevant = np.empty((speaks.shape[1], len(is_carried)), dtype=np.bool_)
    is_relevant[:] = needs_nothing & is_carried
    for column in range(speaks.shape[0]):
        for row in range(speaks.shape[1]):
            if speaks[column, row] > 0.0:
                for offer in range(len(is_carried)):
                    is_relevant[row, offer] |= named_by[column, offer] & is_carried[offer]
    return is_relevant


@compiled
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
