"""What rules take away: compiled, for of a frame every rule has been evaluated for every candidate of everybody."""

from typing import Any

import numpy as np
from numba import njit

from linewise.decisioning.rule import Rule, taking
from linewise.decisioning.types import Bools

__all__ = ["taken_away"]


def taken_away(rules: tuple[Rule, ...], hit: Bools, is_asked_for: Bools) -> Bools:
    """Whether any rule that hits takes the candidate away, (n_customers, n_candidates).

    hit (n_customers, n_candidates, n_rules); is_asked_for (n_customers,): what the customer asked for is never held.
    """
    proposed, asked = taking(rules)
    # As the machine of the rules leaves them: the rows of one rule and candidate lie together.
    by_rule = np.ascontiguousarray(hit.transpose(2, 1, 0))
    taken = np.zeros(by_rule.shape[1:], dtype=np.bool_)
    _take(by_rule.view(np.uint8), proposed, asked, is_asked_for.view(np.uint8), taken.view(np.uint8))
    return taken.T


@njit(nogil=True, cache=True)
def _take(hit: Any, proposed: Any, asked: Any, is_asked: Any, taken: Any) -> None:
    """Fill taken (n_candidates, n_customers) of hit (n_rules, n_candidates, n_customers), all 1 or 0."""
    for rule in range(hit.shape[0]):
        # What takes away even what is asked for takes it from everybody.
        held = np.uint8(0) if asked[rule] else np.uint8(1)
        if proposed[rule]:
            for place in range(hit.shape[1]):
                for row in range(hit.shape[2]):
                    taken[place, row] |= hit[rule, place, row] & ~(held & is_asked[row])
