"""The one affordability budget: what a month leaves for new debt, from cautious income and essentials."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.types import Customers, Ints

__all__ = ["AffordabilityPolicy", "Budget", "monthly_budget"]


@dataclass(frozen=True, slots=True)
class AffordabilityPolicy:
    """How cautious the bank is.

    disposable_share_ratio: the share of what is left after essentials that all debt service may take
    (alpha of the budget). income_spread_haircut_ratio: how much of the month-to-month spread is taken off
    the mean income. minimum_income_months_count: with fewer months of income seen, income is unknown.
    """

    disposable_share_ratio: float
    income_spread_haircut_ratio: float
    minimum_income_months_count: int


@dataclass(frozen=True, slots=True)
class Budget:
    """Of a month, minor units, (n_customers,): what new debt may cost, and the cautious income behind it.

    Both are zero where the income is unknown: credit fails closed.
    """

    available_amt: Ints
    cautious_income_amt: Ints


def monthly_budget(customers: Customers, policy: AffordabilityPolicy, recurring_fee_amt: Ints) -> Budget:
    """What a month leaves for a new payment, (n_customers,), never below zero.

    budget = alpha * (cautious income - essentials) - obligations - recurring fees, where the cautious
    income is the lower of the lower-quartile month and the mean month less a haircut for its spread. The
    features give the parts; only this function puts them together.
    recurring_fee_amt (n_customers,): a month's share of the fees of what is suggested beside it.
    """
    mean = customers.feature("income_mean_amt_6m")
    spread = np.nan_to_num(customers.feature("income_spread_ratio_6m"), nan=1.0)
    lower_quartile = customers.feature("income_p25_amt_6m")
    is_known = (
        np.isfinite(mean)
        & np.isfinite(lower_quartile)
        & (customers.feature("income_months_count_6m") >= policy.minimum_income_months_count)
    )
    less_spread = mean * np.clip(1.0 - policy.income_spread_haircut_ratio * spread, 0.0, 1.0)
    cautious = np.where(is_known, np.minimum(lower_quartile, less_spread), 0.0)
    essentials = np.nan_to_num(customers.feature("essential_mean_amt_6m"))
    obligations = np.nan_to_num(customers.feature("obligation_mean_amt_6m"))
    available = policy.disposable_share_ratio * (cautious - essentials) - obligations - recurring_fee_amt
    return Budget(
        available_amt=np.floor(np.maximum(available, 0.0)).astype(np.int64),
        cautious_income_amt=np.floor(cautious).astype(np.int64),
    )
