"""What a plan costs when it is settled early: the price that a rate for the whole term does not tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linewise.decisioning.plans.rates import annualised_rate, round_rate_up
from linewise.decisioning.plans.schedule import Instalment

__all__ = ["NOTHING", "PENALTY", "REMAINING_FEES", "SETTLED_AFTER", "Settlement", "settlements_of"]

NOTHING, PENALTY, REMAINING_FEES = "nothing", "penalty", "remaining_fees"
"""Beside the principal that is left: nothing, a share of it, or all fees that were still to come."""

SETTLED_AFTER = (1, 3, 6)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A plan settled together with its payment of that month, minor units.

    payoff_amt: what is due beside that payment; charge_amt: how much of it is no principal; total_cost_amt:
    all interest, fees and charges until then; saved_amt: what the whole term would have cost more (below
    zero where settling costs more); annualised_rate_ratio: of what was really paid, rounded up.
    """

    after_months: int
    payoff_amt: int
    charge_amt: int
    total_cost_amt: int
    saved_amt: int
    annualised_rate_ratio: float


def _charge(lines: Sequence[Instalment], after: int, terms: str, penalty_ratio: float) -> int:
    if terms == REMAINING_FEES:
        return sum(line.interest_amt for line in lines[after:])
    return int(np.ceil(lines[after - 1].remaining_amt * penalty_ratio - 1e-9)) if terms == PENALTY else 0


def settlements_of(
    amount_amt: int, lines: Sequence[Instalment], terms: str, penalty_ratio: float
) -> Sequence[Settlement]:
    """The plan settled after 1, 3 and 6 months, as far as it runs longer.

    A fee of 0.60% over twelve months (13.03% a year) that is settled after three payments costs 30.8% a year
    if the remaining fees stay due, 17.5% with a penalty of 3%, 7.9% with nothing.
    """
    whole_cost = sum(line.interest_amt for line in lines)
    found = []
    for after in SETTLED_AFTER:
        if after >= len(lines):
            break
        charge = _charge(lines, after, terms, penalty_ratio)
        payoff = lines[after - 1].remaining_amt + charge
        cost = sum(line.interest_amt for line in lines[:after]) + charge
        last = np.array([lines[after - 1].payment_amt + payoff])
        flows = np.array([amount_amt]), np.array([lines[0].payment_amt]), last, np.array([after])
        rate = float(round_rate_up(annualised_rate(*flows))[0])
        found.append(Settlement(after, payoff, charge, cost, whole_cost - cost, rate))
    return found
