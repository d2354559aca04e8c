"""How a customer uses cards, by what was posted to them: what is looked at, and from when on."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BUYING", "CAROUSEL_DAYS", "CAROUSEL_LEAST", "COSTS", "MONTHS_BACK", "USES", "Bools", "CardUse", "Floats", "Ints",
]  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MONTHS_BACK = 18
"""Of persistent debt (interest and fees above the principal repaid): the window of the rule."""

CAROUSEL_DAYS, CAROUSEL_LEAST = 90, 3
"""A carousel sends round sums, whole hundreds, to one merchant of its own again and again: three within 90 days."""

USES = ("purchase", "cash_advance", "cash_withdrawal", "transfer_out")
"""What a customer does with a card; the rest is the bank's own doing."""

COSTS = ("fee", "interest", "penalty_interest")
BUYING = ("purchase",)


@dataclass(frozen=True, slots=True)
class CardUse:
    """By place among the customers asked for, (n_customers,): moments in microseconds (NEVER for none), minor units.

    as_of: up to when postings were looked at; a decision for an earlier moment must not use them. cost_amt, repaid_amt:
    of MONTHS_BACK. carousel_ratio: what went in round sums to one merchant within CAROUSEL_DAYS, as a share of the
    line, where it was at least half of what was bought; 0 where there was no such merchant.
    """

    as_of: datetime
    opened_at: Ints
    used_at: Ints
    cost_amt: Floats
    repaid_amt: Floats
    carousel_ratio: Floats
