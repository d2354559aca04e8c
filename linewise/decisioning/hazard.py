"""The hazard of a month behind a probability of default within a year."""

import numpy as np

from linewise.decisioning.formulas import hazards
from linewise.decisioning.types import Floats

__all__ = ["monthly_hazard"]


def monthly_hazard(pd_12m: Floats) -> Floats:
    """The constant hazard of a month under which that share defaults within twelve, same shape.

    It ends at a probability of 0.99, so that a certain default has a finite hazard.
    """
    return np.asarray(hazards(pd_12m))
