"""The contest of a customer's actions, compiled: what may be proposed, the best sets of it, and who leads them."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled
from linewise.decisioning.choosing import chances, front_sets, needs, ordered, search_sets

__all__ = ["best_of", "contested", "led"]


@compiled
def contested(priority: Any, is_open: Any, ties: Any, offers: Any, budget_amt: Any, most: int) -> Any:
    """Candidates, their order, the best set and the best beside a raise, (n_customers, n_offers); and what that needs.

    priority, is_open, ties (n_customers, n_offers); offers: need_amt and borrows (n_offers,), clash (n_offers,
    n_offers); budget_amt (n_customers,). The need of a month of the set beside a raise is (n_customers,).
    """
    need_amt, borrows, clash = offers
    candidates = np.empty(priority.shape, dtype=np.bool_)
    for row in range(len(priority)):
        for offer in range(len(need_amt)):
            is_worth = is_open[row, offer] and priority[row, offer] > 0
            candidates[row, offer] = is_worth and need_amt[offer] <= budget_amt[row]
    order = ordered(priority, ties, candidates)
    best = best_of(priority, order, candidates, need_amt, clash, budget_amt, most)
    beside_raise = best.copy()
    for row in range(len(best)):
        if (best[row] & borrows).any():
            this = slice(row, row + 1)
            plain = candidates[this] & ~borrows
            by_worth = ordered(priority[this], ties[this], plain)
            beside_raise[this] = best_of(priority[this], by_worth, plain, need_amt, clash, budget_amt[this], most)
    return candidates, order, best, beside_raise, needs(beside_raise, need_amt)


@compiled
def best_of(priority: Any, order: Any, candidates: Any, need_amt: Any, clash: Any, budget_amt: Any, most: int) -> Any:
    """As `best_sets`."""
    chosen, is_apart = front_sets(order, candidates, clash, need_amt, budget_amt, most)
    # The best few are the best set wherever they go together, which is nearly everywhere.
    search_sets(np.flatnonzero(is_apart), priority, order, candidates, clash, need_amt, budget_amt, chosen)
    return chosen


@compiled
def led(sets: Any, is_raised: Any, offers: Any, room_amt: Any, exploration: Any) -> Any:
    """The set that stands and what may lead it, (n_customers, n_offers); then as `chances`.

    sets: candidates, order, best and beside_raise of `contested`; offers: need_amt and borrows, (n_offers,). Beside a
    raise, is_raised (n_customers,), nothing borrows; what leads must fit room_amt (n_customers,) alone.
    """
    (candidates, order, best, beside_raise), (need_amt, borrows) = sets, offers
    chosen, may_lead = best.copy(), np.empty(best.shape, dtype=np.bool_)
    for row in range(len(best)):
        if is_raised[row]:
            chosen[row] = beside_raise[row]
        for offer in range(len(need_amt)):
            is_barred = (is_raised[row] and borrows[offer]) or need_amt[offer] > room_amt[row]
            may_lead[row, offer] = candidates[row, offer] and not is_barred
    primary, count, pscore = chances(order, chosen, may_lead, exploration)
    return chosen, may_lead, primary, count, pscore
