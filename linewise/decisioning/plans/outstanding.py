"""How much of a level plan is still owed, month by month, in closed form."""

import numpy as np

from linewise.decisioning.formulas import owed_months_of
from linewise.decisioning.types import Floats, Ints

__all__ = ["mean_owed_share", "owed_share_months"]


def owed_share_months(annual_rate_ratio: Floats, term_months: Ints, months: Ints) -> Floats:
    """The sum of the shares owed at the start of the first `months` of a plan, up to its term; one shape."""
    return np.asarray(owed_months_of(annual_rate_ratio, term_months, months))


def mean_owed_share(annual_rate_ratio: Floats, term_months: Ints) -> Floats:
    """The share of the amount that is owed on average at the start of a month of the plan, same shape."""
    return owed_share_months(annual_rate_ratio, term_months, term_months) / term_months
