"""What stands above the ladder: the lowest cap and its name, and the gravest rule that forbids any raise."""

from functools import lru_cache

import numpy as np

from linewise.decisioning.affordability import Budget, full_line_cap_amt
from linewise.decisioning.limits.codes import AFFORDABILITY, RAISE_MOST
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.rule import Hits, Rule, headline
from linewise.decisioning.types import Bools, Floats, Ints, Texts

__all__ = ["gravest_block", "tightest_cap"]


def tightest_cap(current_amt: Ints, budget: Budget, hits: Hits, policy: LimitPolicy) -> tuple[Ints, Texts]:
    """The lowest cap on the whole line, (n_customers,), and its name.

    Affordability; how far one raise goes, since a model that has seen none larger knows nothing of it; and the
    rules that cap.
    """
    affordable = full_line_cap_amt(budget).astype(np.float64)
    caps = np.column_stack([affordable, _one_raise(current_amt, policy), hits.capping_amt])
    names = _names_of_caps(hits.rules, hits.cap_places)
    tightest = caps.argmin(axis=1)
    return np.floor(caps[np.arange(len(caps)), tightest]).astype(np.int64), names[tightest]


def _one_raise(current_amt: Ints, policy: LimitPolicy) -> Floats:
    raised = current_amt + np.maximum(policy.raise_most_ratio * current_amt, policy.step_amt)
    return np.where(current_amt > 0, raised, float(policy.new_line_most_amt))


def gravest_block(hits: Hits, is_taken: Bools) -> Texts:
    """The rule that forbids a raise, (n_customers,), the gravest of several; empty where none does.

    is_taken (n_customers, n_rules): the rules that hit and take a candidate away.
    """
    return np.asarray(_names_of(hits.rules)[headline(hits.rules, is_taken)])


@lru_cache(maxsize=16)
def _names_of(rules: tuple[Rule, ...]) -> Texts:
    """The rules by their names, (n_rules + 1,), at the end no name."""
    return np.array([*(rule.rule_id for rule in rules), ""])


@lru_cache(maxsize=16)
def _names_of_caps(rules: tuple[Rule, ...], cap_places: tuple[int, ...]) -> Texts:
    return np.array([AFFORDABILITY, RAISE_MOST, *(rules[place].rule_id for place in cap_places)])
