"""Choosing among the candidates: what the bank proposes, and what a customer is granted who asks."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import first_match
from linewise.decisioning.limits.codes import DEFAULT_RISK, PRICE, VALUE
from linewise.decisioning.types import Bools, Floats, Ints, Texts

__all__ = ["Open", "largest", "most_worth", "stopped_by"]


@dataclass(frozen=True, slots=True)
class Open:
    """The candidates (n_customers, n_grid), which of them caps and rules allow, and which bear their risk.

    block: the rule that forbids any raise, empty where none does; cap: the name of the lowest cap,
    (n_customers,).
    """

    candidate_amt: Ints
    is_allowed: Bools
    is_bearable: Bools
    block: Texts
    cap: Texts

    @property
    def current_amt(self) -> Ints:
        """The line in force, (n_customers,): the first candidate."""
        return self.candidate_amt[:, 0]


def most_worth(choices: Open, net_amt: Floats) -> Ints:
    """The open candidate of highest net worth, (n_customers,); the line in force where none is above zero.

    Of two that are worth the same the lower one, so that the choice never rises with the risk.
    """
    net = np.where(choices.is_allowed & choices.is_bearable, net_amt, -np.inf)
    best = net.argmax(axis=1)
    rows = np.arange(len(net))
    return np.where(net[rows, best] > 0.0, choices.candidate_amt[rows, best], choices.current_amt)


def largest(choices: Open, is_acceptable: Bools) -> Ints:
    """The largest acceptable candidate, (n_customers,); the line in force where none is."""
    found = np.where(is_acceptable, choices.candidate_amt, 0).max(axis=1)
    return np.asarray(np.maximum(found, choices.current_amt))


def stopped_by(choices: Open, chosen_amt: Ints, unpriced_amt: Ints, up_to_amt: Ints) -> Texts:
    """What kept the choice from the next candidate up to an amount, (n_customers,): a code, a rule or a cap.

    unpriced_amt: what would have been chosen if nothing were scarce; up_to_amt: beyond it nobody looked.
    """
    is_higher = (choices.candidate_amt > chosen_amt[:, None]) & (choices.candidate_amt <= up_to_amt[:, None])
    rows = np.arange(len(is_higher))
    following = is_higher.argmax(axis=1)
    has_following = is_higher.any(axis=1)
    is_capped = ~choices.is_allowed[rows, following]
    is_risky = ~choices.is_bearable[rows, following]
    return first_match(
        [choices.block != "", ~has_following, is_capped, unpriced_amt > chosen_amt, is_risky],
        [choices.block, choices.cap, choices.cap, PRICE, DEFAULT_RISK],
        VALUE,
    )
