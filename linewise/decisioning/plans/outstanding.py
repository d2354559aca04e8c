"""How much of a level plan is still owed, month by month, in closed form."""

import numpy as np

from linewise.decisioning.types import Floats, Ints

__all__ = ["mean_owed_share", "owed_share_months"]


def owed_share_months(annual_rate_ratio: Floats, term_months: Ints, months: Ints) -> Floats:
    """The sum of the shares of the amount that are owed at the start of the first `months`, up to the term; one shape.

    With growth g = (1 + i) ** n the share at the start of month t + 1 is (g - (1 + i) ** t) / (g - 1).
    """
    monthly = annual_rate_ratio / 12.0
    is_free = monthly < 1e-9
    rate = np.where(is_free, 1e-3, monthly)
    growth, grown = np.exp(term_months * np.log1p(rate)), np.exp(months * np.log1p(rate))
    level = (months * growth - (grown - 1.0) / rate) / (growth - 1.0)
    return np.where(is_free, months - months * (months - 1.0) / (2.0 * term_months), level)


def mean_owed_share(annual_rate_ratio: Floats, term_months: Ints) -> Floats:
    """The share of the amount that is owed on average at the start of a month of the plan, same shape."""
    return owed_share_months(annual_rate_ratio, term_months, term_months) / term_months
