"""What stands above the ladder: the lowest cap and its name, and the gravest rule that forbids any raise."""

from functools import lru_cache

import numpy as np

from linewise.decisioning.affordability import Budget, full_line_cap_amt
from linewise.decisioning.limits.codes import AFFORDABILITY, RAISE_MOST
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.limits.rungs import gravest, lowest_cap
from linewise.decisioning.rule import Hits, Rule, in_precedence, taking
from linewise.decisioning.types import Bools, Ints, Texts

__all__ = ["gravest_block", "tightest_cap"]


def tightest_cap(current_amt: Ints, budget: Budget, hits: Hits, policy: LimitPolicy) -> tuple[Ints, Texts]:
    """The lowest cap on the whole line, (n_customers,), and its name.

    Affordability; how far one raise goes, since a model that has seen none larger knows nothing of it; and the
    rules that cap.
    """
    lowest, place = lowest_cap(
        full_line_cap_amt(budget),
        current_amt,
        hits.hit,
        hits.caps,
        np.array(hits.cap_places, dtype=np.int64),
        policy.raise_most_ratio,
        float(policy.new_line_most_amt),
        policy.step_amt,
    )
    return lowest, _names_of_caps(hits.rules, hits.cap_places)[place]


def gravest_block(hits: Hits, is_asked_for: Bools) -> Texts:
    """The rule that forbids a raise, (n_customers,), the gravest of several; empty where none does.

    is_asked_for (n_customers,): what the customer asked for is never held.
    """
    return np.asarray(
        _names_of(hits.rules)[gravest(hits.hit, in_precedence(hits.rules), *taking(hits.rules), is_asked_for)]
    )


@lru_cache(maxsize=16)
def _names_of(rules: tuple[Rule, ...]) -> Texts:
    """The rules by their names, (n_rules + 1,), at the end no name."""
    return np.array([*(rule.rule_id for rule in rules), ""])


@lru_cache(maxsize=16)
def _names_of_caps(rules: tuple[Rule, ...], cap_places: tuple[int, ...]) -> Texts:
    return np.array([AFFORDABILITY, RAISE_MOST, *(rules[place].rule_id for place in cap_places)])
