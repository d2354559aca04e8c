"""How customers use a card, compiled: who carries a balance and pays interest, who pays in full, and how full it is."""

from math import isnan
from typing import Any

import numpy as np

from linewise.core.compiling import compiled
from linewise.decisioning.formulas import higher, unpaid

__all__ = ["SEEN", "behaviours", "revolving"]

SEEN = (
    "statement_count_365d",
    "payment_ratio_180d",
    "utilisation_ratio",
    "utilisation_mean_ratio_180d",
    "declined_sum_amt_90d",
)
"""The features of `behaviours`, in their order; the first two are those of `revolving`."""


@compiled
def revolving(seen: Any, prior_ratio: float) -> Any:
    """The probability that a balance of each customer bears interest, (n_customers,).

    The share of the last half year's balances that was not paid when due: 0 for who pays in full, 0.9 for
    who pays a tenth. Where there was no statement it is that of the average card holder.
    """
    ratio = np.empty(len(seen))
    for row in range(len(seen)):
        ratio[row] = unpaid(seen[row, 0], seen[row, 1], prior_ratio)
    return ratio


@compiled
def behaviours(seen: Any, bought_amt: Any, is_loan: Any, of_cards: Any, of_loans: Any, prior_ratio: float) -> Any:
    """How each customer uses what is granted, as in CardBehaviour, and what is wanted in a month, (n_customers,) each.

    bought_amt (n_customers,): of a year; of_cards, of_loans: what a year of a balance earns, and what granting costs.
    A loan is paid out whole, and all of it bears interest; how much of a line is used is the higher of now and the half
    year's mean, 0 without a line. Wanted is a month of the purchases that went through, and of those declined.
    """
    revolves, utilisation = revolving(seen, prior_ratio), np.ones(len(seen))
    rate, cost, wanted = np.empty(len(seen)), np.empty(len(seen)), np.empty(len(seen))
    for row in range(len(seen)):
        if is_loan[row]:
            revolves[row] = 1.0
            rate[row], cost[row] = of_loans
        else:
            utilisation[row] = higher(seen[row, 2], seen[row, 3])
            rate[row], cost[row] = of_cards
        declined = 0.0 if isnan(seen[row, 4]) else seen[row, 4]
        wanted[row] = bought_amt[row] / 12.0 + declined / 3.0
    return revolves, utilisation, rate, cost, wanted
