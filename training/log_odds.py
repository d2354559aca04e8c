"""Log-odds of probabilities, and the shift of them that makes what is expected equal what was seen."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit, logit

__all__ = ["SURE", "level_shift", "log_odds"]

Floats = npt.NDArray[np.float64]

SURE = 1e-9  # keeps log-odds finite
_FURTHEST = 30.0


def log_odds(probability: Floats) -> Floats:
    """Log-odds, same shape, finite also of what is called certain."""
    return np.asarray(logit(np.clip(probability, SURE, 1 - SURE)), dtype=np.float64)


def level_shift(y: npt.NDArray[np.int64], probability: Floats) -> float:
    """The shift of log-odds (n_rows,) that makes the sum of the probabilities that of y; 0 is right."""
    odds = log_odds(probability)
    return float(brentq(lambda shift: float(np.sum(expit(odds + shift) - y)), -_FURTHEST, _FURTHEST))
