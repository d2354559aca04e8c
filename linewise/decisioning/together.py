"""What may stand beside each other on one screen, and the best few that a month can pay for together."""

import numpy as np

from linewise.decisioning.choosing import needs
from linewise.decisioning.contesting import best_of
from linewise.decisioning.types import Bools, Ints

__all__ = ["best_sets", "need_of"]


def need_of(chosen: Bools, need_amt: Ints) -> Ints:
    """What a set costs a month, (n_customers,), of chosen (n_customers, n_offers) and need_amt (n_offers,)."""
    return np.asarray(needs(chosen, need_amt))


def best_sets(
    priority: Ints, order: Ints, candidates: Bools, clash: Bools, need_amt: Ints, budget_amt: Ints, most: int
) -> Bools:
    """The set of at most so many candidates with the highest sum of priorities, (n_customers, n_offers).

    No two of a set clash, (n_offers, n_offers) symmetric, and their needs, (n_offers,) a month, fit the budget
    (n_customers,) together. priority and candidates are (n_customers, n_offers), the priorities of candidates
    above zero; `order` is that of `choosing.ordered`, and settles sets of equal worth.
    """
    return np.asarray(best_of(priority, order, candidates, need_amt, clash, budget_amt, most))
