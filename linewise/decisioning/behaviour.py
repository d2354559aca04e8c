"""How a customer uses a card: who carries a balance from cycle to cycle and pays interest, and who pays in full."""

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.economics import Economics
from linewise.decisioning.types import Customers, Floats

__all__ = ["revolver_ratio", "utilisation_ratio"]


def revolver_ratio(customers: Customers, economics: Economics) -> Floats:
    """The probability that a balance of the customer bears interest, (n_customers,).

    The share of the last half year's balances that was not paid when due: 0 for who pays in full, 0.9 for
    who pays a tenth. Where there was no statement it is that of the average card holder.
    """
    has_statement = or_zero(customers.feature("statement_count_365d")) > 0
    unpaid = 1.0 - customers.feature("payment_ratio_180d")
    is_known = has_statement & np.isfinite(unpaid)
    return np.where(is_known, np.clip(unpaid, 0.0, 1.0), economics.revolver_prior_ratio)


def utilisation_ratio(customers: Customers) -> Floats:
    """How much of the line is used, (n_customers,): the higher of now and the half year's mean; 0 without a line."""
    used = np.fmax(customers.feature("utilisation_ratio"), customers.feature("utilisation_mean_ratio_180d"))
    return or_zero(used)
