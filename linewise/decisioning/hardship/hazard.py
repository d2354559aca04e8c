"""How likely a plan is broken before it ends: by its payment, by the debt that overhangs, and by how long it lasts."""

import numpy as np

from linewise.decisioning.hardship.policy import HardshipPolicy
from linewise.decisioning.hazard import monthly_hazard
from linewise.decisioning.plans.outstanding import mean_owed_share
from linewise.decisioning.plans.rates import annuity_factor
from linewise.decisioning.types import Floats, Ints

__all__ = ["breaking_ratio"]

HORIZON_MONTHS = 60.0

UNPAYABLE = 6.0
"""How the logarithm of the hazard rises with what a payment asks for beyond what a month bears."""


def breaking_ratio(
    owed_amt: Ints,
    annual_rate_ratio: Floats,
    term_months: Ints,
    bears_amt: Ints,
    pd_12m: Floats,
    policy: HardshipPolicy,
) -> Floats:
    """The probability that a level plan is broken before its end; all broadcast to one shape, minor units.

    The hazard of a month is that of the customer's own PD, times exp(burden_hazard * payment / bears +
    overhang_hazard * mean debt / (60 * bears)), and steeply more where the payment is beyond what a month
    bears; the plan is at risk in each month of its term. Hence the signs that Dobbie and Song (AER 2020) found:
    a lower rate, or a smaller debt, lowers payment and overhang and so the risk; a longer term lowers the payment
    and lasts longer, and with burden_hazard at most 1 the months outweigh the relief wherever the shorter term
    was bearable. A stretch helps nobody who could pay already.
    """
    bears = np.maximum(bears_amt, 1).astype(np.float64)
    burden = owed_amt * annuity_factor(annual_rate_ratio, term_months) / bears
    overhang = owed_amt * mean_owed_share(annual_rate_ratio, term_months) / (HORIZON_MONTHS * bears)
    logarithm = policy.burden_hazard * np.minimum(burden, 1.0) + UNPAYABLE * np.maximum(burden - 1.0, 0.0)
    # Bounded, so that a month that bears nothing breaks the plan and no number overflows.
    factor = np.exp(np.minimum(logarithm + policy.overhang_hazard * overhang, 50.0))
    return np.asarray(-np.expm1(-monthly_hazard(pd_12m) * factor * term_months))
