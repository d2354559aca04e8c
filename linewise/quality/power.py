"""What a test can tell before it is made: the least lift that two arms of a size would show."""

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

__all__ = ["ALPHA", "POWER", "detectable_effect"]

ALPHA, POWER = 0.05, 0.8
"""How often a lift is seen where none is, on both sides, and how often one of that size is (our defaults)."""


def detectable_effect(
    control_rate: float, treated_count: int, control_count: int, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The least absolute lift over `control_rate` that arms of these sizes show with that power.

    The usual formula of two proportions, with the pooled variance where there is no lift and each arm's own where
    there is (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 2003, chapter 4). None where an
    arm is empty, or where not even a response of everybody would show.

    >>> round(detectable_effect(0.10, 1_000, 1_000), 4)
    0.0396
    """
    if min(treated_count, control_count) < 1 or not 0.0 <= control_rate < 1.0:
        return None
    seen, missed = float(norm.isf(alpha / 2)), float(norm.isf(1 - power))
    treated_share = treated_count / (treated_count + control_count)

    def short(effect: float) -> float:
        treated = control_rate + effect
        pooled = control_rate + effect * treated_share
        alike = np.sqrt(pooled * (1 - pooled) * (1 / treated_count + 1 / control_count))
        apart = np.sqrt(treated * (1 - treated) / treated_count + control_rate * (1 - control_rate) / control_count)
        return float(effect - seen * alike - missed * apart)

    most = 1.0 - control_rate
    if short(most) < 0:
        return None
    return float(brentq(short, 0.0, most)) if short(0.0) < 0 else 0.0
