"""Intervals that say how far a figure of so few cases can be trusted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy.stats import beta, t

from linewise.quality.shares import wilson_ends

__all__ = ["Measured", "corrected_resampled", "jeffreys", "wilson"]


class Measured(BaseModel):
    """A figure with its 95% interval."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def corrected_resampled(
    values: Sequence[float] | npt.NDArray[np.float64],
    test_share: float,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> Measured:
    """Mean of a figure over repeated folds, with the corrected resampled t interval at 95%.

    The folds of repeated cross-validation share most of their training rows, so the plain standard error
    is far too small. Nadeau and Bengio (Machine Learning 52, 2003) replace 1/J by 1/J + n_test/n_train in
    the variance of the mean of J folds; `test_share` is n_test / n_train (1/4 for five folds). The same
    formula on differences per fold compares two learners (Bouckaert and Frank, PAKDD 2004). `within` cuts
    the ends to what the figure can be.

    >>> print(corrected_resampled([0.6, 0.7, 0.8, 0.7], 0.25))
    0.700 [0.516, 0.884]
    """
    array = np.asarray(values, dtype=np.float64)
    centre = float(array.mean())
    if len(array) < 2:
        return Measured(value=centre, low=within[0], high=within[1])
    error = np.sqrt((1 / len(array) + test_share) * array.var(ddof=1))
    half = float(t.ppf(0.975, len(array) - 1) * error)
    return Measured(value=centre, low=max(centre - half, within[0]), high=min(centre + half, within[1]))


def jeffreys(hits: int, trials: int) -> Measured:
    """A share with its Jeffreys interval: quantiles of Beta(hits + ½, trials - hits + ½).

    The lower end is 0 without a hit and the upper end 1 without a miss (Brown, Cai and DasGupta,
    Statistical Science 16, 2001), so that the interval always holds the share.
    """
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits + 0.5, trials - hits + 0.5))
    high = 1.0 if hits == trials else float(beta.ppf(0.975, hits + 0.5, trials - hits + 0.5))
    return Measured(value=hits / trials, low=low, high=high)


def wilson(hits: int, trials: int) -> Measured:
    """A share with its Wilson interval; of no trial at all nothing is known: 0 to 1 around a share of 0."""
    if trials == 0:
        return Measured(value=0.0, low=0.0, high=1.0)
    low, high = wilson_ends(hits, trials)
    return Measured(value=hits / trials, low=low, high=high)
