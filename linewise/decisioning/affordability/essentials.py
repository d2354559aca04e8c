"""What a month cannot do without: household and insurance from the account, daily needs from the cards."""

import numpy as np

from linewise.decisioning.affordability.policy import AffordabilityPolicy
from linewise.decisioning.arrays import or_zero
from linewise.decisioning.types import Customers, Floats

__all__ = ["card_essentials_amt", "essentials_amt"]

NEEDS = ("groceries_sum_amt_90d", "transport_sum_amt_90d", "utilities_sum_amt_90d")
"""What is bought at merchants whom a household cannot do without; health and other sensitive groups are left out."""

MONTHS = 3.0


def card_essentials_amt(customers: Customers) -> Floats:
    """Bought for daily needs a month, (n_customers,), minor units."""
    bought = sum((or_zero(customers.feature(name)) for name in NEEDS), np.zeros(len(customers)))
    return np.asarray(bought / MONTHS)


def essentials_amt(customers: Customers, cautious_income_amt: Floats, policy: AffordabilityPolicy) -> Floats:
    """All essentials of a month, (n_customers,): what is seen, and never less than a floor and a share of income.

    Rent paid in cash, or by another account, is not seen; without the floor who shows least could borrow most.
    """
    seen = or_zero(customers.feature("essential_mean_amt_6m")) + card_essentials_amt(customers)
    least = np.maximum(policy.essential_floor_amt, policy.essential_least_share_ratio * cautious_income_amt)
    return np.maximum(seen, least)
