"""A limit for some days that a customer asks for: it falls back to the line, and must be paid down by then."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import first_match, some
from linewise.decisioning.limits.choice import Open
from linewise.decisioning.limits.codes import NO_LINE, PAYDOWN
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.limits.request import Request
from linewise.decisioning.types import Bools, Ints, Texts

__all__ = ["TEMPORARY", "Fallback", "fallback_of", "held_for_days", "open_for_days"]

TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a temporary limit costs when it ends, (n_customers,), minor units; all zero where none is granted.

    amount_amt: the limit for the time being; paydown_amt: what must be paid off, at the most, for the line to
    hold again; payment_amt: the whole first payment after it, the minimum payment of the line drawn whole with it.
    """

    amount_amt: Ints
    paydown_amt: Ints
    payment_amt: Ints


def open_for_days(choices: Open, budget: Budget, policy: LimitPolicy) -> Bools:
    """The candidates that a temporary limit may reach, (n_customers, n_grid).

    What lies above the line is due at once when it ends: no more than so many months of cautious income.
    """
    current = choices.current_amt
    most = current + np.floor(policy.temporary_income_months * budget.cautious_income_amt).astype(np.int64)
    return np.asarray(choices.is_allowed & (choices.candidate_amt <= most[:, None]) & (current > 0)[:, None])


def held_for_days(choices: Open, is_open: Bools, chosen_amt: Ints, request: Request) -> Texts:
    """What a temporary limit is held by beside the caps, (n_customers,); empty where it is by nothing else."""
    is_wanted = (choices.candidate_amt > chosen_amt[:, None]) & (choices.candidate_amt <= request.target_amt[:, None])
    is_held = (is_wanted & choices.is_allowed & choices.is_bearable & ~is_open).any(axis=1)
    return first_match([~is_held, choices.current_amt > 0], ["", PAYDOWN], NO_LINE)


def fallback_of(amount_amt: Ints, budget: Budget, current_amt: Ints) -> Fallback:
    """What ends with a temporary limit of that amount, (n_customers,)."""
    if not some(amount_amt):
        return Fallback(amount_amt, amount_amt, amount_amt)
    amount = np.where(amount_amt > current_amt, amount_amt, 0)
    paydown = np.where(amount > 0, amount - current_amt, 0)
    payment = np.where(amount > 0, paydown + budget.minimum.of(current_amt), 0)
    return Fallback(amount, paydown, payment)
