"""What rules take away: compiled, for of a frame every rule has been evaluated for every candidate of everybody."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled
from linewise.decisioning.rule import Rule, taking
from linewise.decisioning.types import Bools

__all__ = ["open_actions", "taken_away"]


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


@compiled
def _take(hit: Any, proposed: Any, asked: Any, is_asked: Any, taken: Any) -> None:
    """Fill taken (n_candidates, n_customers) of hit (n_rules, n_candidates, n_customers), all 1 or 0."""
    for rule in range(hit.shape[0]):
        # What takes away even what is asked for takes it from everybody.
        held = np.uint8(0) if asked[rule] else np.uint8(1)
        if proposed[rule]:
            for place in range(hit.shape[1]):
                for row in range(hit.shape[2]):
                    taken[place, row] |= hit[rule, place, row] & ~(held & is_asked[row])


@compiled
def open_actions(hit: Any, rules: Any, offers: Any, is_asked: Any, asks: Any, is_relevant: Any) -> Any:
    """What of the actions is left, what of that is open, and what of that is requested, (n_customers, n_offers) each.

    hit (n_rules, n_offers, n_customers), 1 or 0: hits of rules that do not count for an action are struck out. rules:
    which take away what is proposed, which what is asked for, and which count for every action, (n_rules,) each.
    offers: which serve and are not sold, so that only the last ones count; which are closed to who asks for something
    else; and which was named, (n_offers,) each. is_asked, asks (n_customers,): who asks for an action, or anything.
    """
    (proposed, asked, counts_always), (serves, is_closed, is_named) = rules, offers
    shape = is_relevant.shape
    taken = np.zeros((shape[1], shape[0]), dtype=np.uint8)
    for rule in range(hit.shape[0]):
        held = np.uint8(0) if asked[rule] else np.uint8(1)
        for offer in range(shape[1]):
            if serves[offer] and not counts_always[rule]:
                hit[rule, offer] = 0
            elif proposed[rule]:
                for row in range(shape[0]):
                    taken[offer, row] |= hit[rule, offer, row] & ~(held & is_asked[row])
    is_left, is_open = np.empty(shape, dtype=np.bool_), np.empty(shape, dtype=np.bool_)
    is_requested = np.empty(shape, dtype=np.bool_)
    for row in range(shape[0]):
        for offer in range(shape[1]):
            left = is_relevant[row, offer] and not taken[offer, row]
            sold = left and not serves[offer] and not (asks[row] and is_closed[offer])
            is_left[row, offer], is_open[row, offer] = left, sold
            is_requested[row, offer] = sold and is_named[offer] and is_asked[row] != 0
    return is_left, is_open, is_requested
