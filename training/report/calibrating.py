"""Whether what is expected comes true: by band, action and month, with the Jeffreys test."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from training.calibration import fit_calibration
from training.intervals import Measured
from training.log_odds import level_shift, log_odds
from training.report.figures import Calibration, Cell
from training.report.resampling import percentiles, resampled

__all__ = ["BAND_COUNT", "ECE_CELLS", "calibration_of", "cell_of", "expected_bands"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Kind = str

BAND_COUNT = 5
ECE_CELLS = 20


def calibration_of(
    y: Integers, probability: Floats, groups: Integers, by: Mapping[Kind, tuple[tuple[str, ...], Integers]], seed: int
) -> Calibration:
    """Judge probabilities (n_rows,) of customers `groups`.

    by: for each further kind of cell the words of its cells and the place of each row's (n_rows,), below zero where
    a row belongs to none.
    """
    bands = expected_bands(probability, BAND_COUNT)
    kinds = {"overall": (("all",), np.zeros_like(bands)), "band": (_band_words(probability, bands), bands), **by}
    cells = [
        cell_of(kind, word, y[rows], probability[rows], groups[rows])
        for kind, (words, place) in kinds.items()
        for at, word in enumerate(words)
        if (rows := place == at).any()
    ]
    both = 0 < y.sum() < len(y)
    return Calibration(
        ece=_ece(y, probability, groups, seed),
        ece_cell_count=ECE_CELLS,
        intercept=level_shift(y, probability) if both else float("nan"),
        slope=fit_calibration(log_odds(probability), y).slope if both else float("nan"),
        cells=tuple(cells),
    )


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


def _band_words(probability: Floats, bands: Integers) -> tuple[str, ...]:
    words = []
    for band in range(BAND_COUNT):
        inside = probability[bands == band]
        words.append(f"{inside.min():.2%} to {inside.max():.2%}" if len(inside) else "none")
    return tuple(words)


def _ece(y: Integers, probability: Floats, groups: Integers, seed: int) -> Measured:
    order = np.argsort(probability, kind="stable")
    cell = np.empty(len(y), dtype=np.int64)
    cell[order] = np.arange(len(y)) * ECE_CELLS // max(len(y), 1)
    left = y - probability

    def figure(weight: Floats) -> Floats:
        return np.array([np.abs(np.bincount(cell, left * weight)).sum() / max(float(weight.sum()), 1e-300)])

    once, drawn = resampled(figure, groups, seed)
    return percentiles(float(once[0]), drawn[:, 0])
