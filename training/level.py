"""Where the level of a probability stands now: months of out-of-fold rows, the later ones weighing more if it moves.

The level, in log-odds, is a walk from month to month that is seen through each month's labels (the local level model;
A. Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989). How far it walks a month is the
most likely of a few steps, none of them unless the months speak clearly against it: then all rows weigh alike and the
level is the one that was calibrated.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from training.dataset import Dataset
from training.log_odds import log_odds

__all__ = ["level_now", "level_of", "shifted"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Standard deviations of a month's move in log-odds: 1 to 20% of a rare probability."""

CLEAR = 2.0
"""How much more likely, in logs, a moving level must make the months than one that stands still."""

MONTHS_MINIMUM = 4
SAME_DAYS = 31
FAR = 10.0  # variance before the first month is seen


def level_of(data: Dataset, probability: Floats) -> float:
    """The shift that the model of these rows needs now, by what is said of each (n_rows,) out of fold.

    0 where rows carry no time, and where labels ripen over different times: then later rows show less of theirs, and
    that is no level.
    """
    if data.as_of is None or data.ripe_at is None or not len(data.y):
        return 0.0
    days = (data.ripe_at - data.as_of) / np.timedelta64(1, "D")
    return 0.0 if np.ptp(days) > SAME_DAYS else level_now(data.y, probability, data.as_of, data.groups)


def level_now(y: Integers, probability: Floats, as_of: npt.NDArray[np.datetime64], groups: Integers) -> float:
    """The shift of log-odds that rows after the last of these need; 0 where the level has not moved.

    All (n_rows,), the probabilities of rows that were not fitted; `groups` are the customers.
    """
    month, place = np.unique(as_of.astype("datetime64[M]").astype(np.int64), return_inverse=True)
    if len(month) < MONTHS_MINIMUM:
        return 0.0
    spread = np.maximum(np.bincount(place, probability * (1 - probability)), 1e-9)
    seen = np.bincount(place, y - probability) / spread
    errors = _overlap(y - probability, groups) / spread
    gaps = np.array([late - early for early, late in pairwise(month.tolist())], dtype=np.float64)
    still, _ = _filtered(seen, errors, gaps, 0.0)
    likely, level = max(_filtered(seen, errors, gaps, step**2) for step in STEPS)
    return level if likely - still > CLEAR else 0.0


def shifted(probability: Floats, shift: float) -> Floats:
    """Probabilities (n_rows,) with this much added to their log-odds."""
    return probability if shift == 0.0 else np.asarray(1.0 / (1.0 + np.exp(-(log_odds(probability) + shift))))


def _overlap(left: Floats, groups: Integers) -> float:
    """By how much rows of one customer make sums more uncertain than as many of different ones."""
    _, customer = np.unique(groups, return_inverse=True)
    return max(float((np.bincount(customer, left) ** 2).sum() / max((left**2).sum(), 1e-300)), 1.0)


def _filtered(seen: Floats, errors: Floats, gaps: Floats, step: float) -> tuple[float, float]:
    """The log-likelihood of the months after the first, and the level at the last."""
    level, variance, likely = 0.0, FAR, 0.0
    for at, (value, error) in enumerate(zip(seen.tolist(), errors.tolist(), strict=True)):
        variance += step * gaps[at - 1] if at else 0.0
        total = variance + error
        if at:
            likely -= 0.5 * (np.log(total) + (value - level) ** 2 / total)
        level += variance / total * (value - level)
        variance *= error / total
    return float(likely), float(level)
