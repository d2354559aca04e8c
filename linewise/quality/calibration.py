"""Whether probabilities come true: cells of rows with the Jeffreys test, and the mean distance over all of them."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from linewise.quality.curves import Figures
from linewise.quality.intervals import Measured
from linewise.quality.resampling import percentiles, resampled

__all__ = ["ECE_CELLS", "Cell", "cell_of", "ece_of", "expected_bands"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Kind = str

ECE_CELLS = 20


class Cell(Figures):
    """Rows of one kind: what was expected of them and what was seen.

    observed carries its Jeffreys interval and observed_to_expected that interval over `expected`; both count rows of
    the same customer as the fewer rows that they are worth (`effective_count`). jeffreys_p: the probability, given
    what was seen, that the true share is at most the expected one (European Central Bank, Instructions for reporting
    the validation results of internal models, 2019); near 0 the expected share is too low, near 1 too high.
    """

    by: Literal["overall", "band", "action", "month"]
    cell: str
    row_count: int
    positive_count: int
    effective_count: float
    expected: float
    observed: Measured
    observed_to_expected: Measured
    jeffreys_p: float


def cell_of(kind: Kind, word: str, y: Integers, probability: Floats, groups: Integers) -> Cell:
    """Rows (n_rows,) of one kind, at least one.

    Rows of one customer are worth fewer: the count is divided by the ratio of the variance of sums by customer to
    that of independent rows, where that is above one.
    """
    count, hits, expected = len(y), int(y.sum()), float(probability.mean())
    left = y - probability
    _, place = np.unique(groups, return_inverse=True)
    together, apart = float((np.bincount(place, left) ** 2).sum()), float((left**2).sum())
    effective = count / max(together / apart, 1.0) if apart > 0 else float(count)
    worth = hits * effective / count
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, worth + 0.5, effective - worth + 0.5))
    high = 1.0 if hits == count else float(beta.ppf(0.975, worth + 0.5, effective - worth + 0.5))
    # A handful of effective rows can part the quantiles from the share; an interval always holds its figure.
    observed = Measured(value=hits / count, low=min(low, hits / count), high=max(high, hits / count))
    floor = max(expected, 1e-12)
    return Cell.model_validate(
        {
            "by": kind,
            "cell": word,
            "row_count": count,
            "positive_count": hits,
            "effective_count": effective,
            "expected": expected,
            "observed": observed,
            "observed_to_expected": {end: getattr(observed, end) / floor for end in ("value", "low", "high")},
            "jeffreys_p": float(beta.cdf(expected, worth + 0.5, effective - worth + 0.5)),
        }
    )


def expected_bands(probability: Floats, band_count: int) -> Integers:
    """The band of each row (n_rows,), 0 the least probable, so that each band expects equally many labels.

    Bands of equally many rows would hold hardly any label of a rare one where it matters least.
    """
    order = np.argsort(probability, kind="stable")
    reached = np.cumsum(probability[order])
    band = np.empty(len(order), dtype=np.int64)
    middle = reached - probability[order] / 2
    band[order] = np.minimum((middle / max(float(reached[-1]), 1e-300) * band_count).astype(np.int64), band_count - 1)
    return band


def ece_of(y: Integers, probability: Floats, groups: Integers, seed: int) -> Measured:
    """The mean distance between expected and observed over ECE_CELLS cells of equally many rows, and its interval."""
    order = np.argsort(probability, kind="stable")
    cell = np.empty(len(y), dtype=np.int64)
    cell[order] = np.arange(len(y)) * ECE_CELLS // max(len(y), 1)
    left = y - probability

    def figure(weight: Floats) -> Floats:
        return np.array([np.abs(np.bincount(cell, left * weight)).sum() / max(float(weight.sum()), 1e-300)])

    once, drawn = resampled(figure, groups, seed)
    return percentiles(float(once[0]), drawn[:, 0])
