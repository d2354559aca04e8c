"""Choosing among the candidates: what the bank proposes, and what a customer is granted who asks."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import first_match
from linewise.decisioning.limits.codes import DEFAULT_RISK, PRICE, VALUE
from linewise.decisioning.limits.rungs import BLOCK, CAP, best_rung, what_stops
from linewise.decisioning.types import Bools, Floats, Ints, Texts

__all__ = ["Open", "largest", "most_worth", "stopped_by"]

_WORDS = np.array(["", "", PRICE, DEFAULT_RISK, VALUE])
"""What stops a choice beside rules and caps, by the places that `what_stops` gives."""


@dataclass(frozen=True, slots=True)
class Open:
    """The candidates (n_customers, n_grid), which of them caps and rules allow, and which bear their risk.

    is_blocked: a rule forbids any raise; block: which, empty where none does; cap: the name of the lowest cap;
    (n_customers,) each.
    """

    candidate_amt: Ints
    is_allowed: Bools
    is_bearable: Bools
    is_blocked: Bools
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
    return np.asarray(best_rung(choices.candidate_amt, choices.is_allowed, choices.is_bearable, net_amt))


def largest(choices: Open, is_acceptable: Bools) -> Ints:
    """The largest acceptable candidate, (n_customers,); the line in force where none is."""
    found = np.where(is_acceptable, choices.candidate_amt, 0).max(axis=1)
    return np.asarray(np.maximum(found, choices.current_amt))


def stopped_by(choices: Open, chosen_amt: Ints, unpriced_amt: Ints, up_to_amt: Ints) -> Texts:
    """What kept the choice from the next candidate up to an amount, (n_customers,): a code, a rule or a cap.

    unpriced_amt: what would have been chosen if nothing were scarce; up_to_amt: beyond it nobody looked.
    """
    stops = what_stops(
        choices.candidate_amt,
        choices.is_allowed,
        choices.is_bearable,
        choices.is_blocked,
        chosen_amt,
        unpriced_amt,
        up_to_amt,
    )
    return first_match([stops == BLOCK, stops == CAP], [choices.block, choices.cap], _WORDS[stops])
