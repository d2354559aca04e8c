"""What the balance costs without a plan: by minimum payments, and by the customer's own way of paying."""

import numpy as np

from linewise.decisioning.affordability import MinimumPayment
from linewise.decisioning.plans.balance import interest_until_repaid, own_shares
from linewise.decisioning.types import Customers, Floats, Ints

__all__ = ["costs_without_plan", "own_share_ratio"]

STATEMENTS_LEAST = 3
"""With fewer statements seen nothing is known of how the customer pays."""


def own_share_ratio(customers: Customers, minimum: MinimumPayment) -> Floats:
    """The share of each bill that was paid in the last half year, (n_customers,); missing where nothing is known.

    It is never taken for less than the minimum.
    """
    seen = customers.features_of(("payment_ratio_180d", "statement_count_365d"))
    return np.asarray(own_shares(seen, minimum.ratio, STATEMENTS_LEAST))


def costs_without_plan(
    amount_amt: Ints, card_rate_ratio: float, paid_ratio: Floats, minimum: MinimumPayment
) -> tuple[Floats, Floats]:
    """The interest until all is repaid, (n_customers,) each: by minimum payments alone, and by the own way of paying.

    paid_ratio (n_customers,): of each bill; where it is missing its cost is too. Who pays in full pays no interest.
    """
    by_minimum, by_own = interest_until_repaid(
        amount_amt, card_rate_ratio / 12.0, paid_ratio, minimum.ratio, minimum.floor_amt
    )
    return by_minimum, by_own
