"""How a customer uses a card: who carries a balance from cycle to cycle and pays interest, and who pays in full."""

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.formulas import higher, unpaid
from linewise.decisioning.types import Customers, Floats

__all__ = ["revolver_ratio", "utilisation_ratio"]


def revolver_ratio(customers: Customers, economics: Economics) -> Floats:
    """The probability that a balance of the customer bears interest, (n_customers,).

    The share of the last half year's balances that was not paid when due: 0 for who pays in full, 0.9 for
    who pays a tenth. Where there was no statement it is that of the average card holder.
    """
    statement_count, paid = customers.features_of(("statement_count_365d", "payment_ratio_180d")).T
    return np.asarray(unpaid(statement_count, paid, economics.revolver_prior_ratio))


def utilisation_ratio(customers: Customers) -> Floats:
    """How much of the line is used, (n_customers,): the higher of now and the half year's mean; 0 without a line."""
    now, mean = customers.features_of(("utilisation_ratio", "utilisation_mean_ratio_180d")).T
    return np.asarray(higher(now, mean))
