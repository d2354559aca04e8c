"""Whether what is expected comes true: by band, action and month, with the Jeffreys test."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from linewise.quality.calibration import ECE_CELLS, cell_of, ece_of, expected_bands
from training.calibration import fit_calibration
from training.log_odds import level_shift, log_odds
from training.report.figures import Calibration

__all__ = ["BAND_COUNT", "calibration_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Kind = str

BAND_COUNT = 5


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
        ece=ece_of(y, probability, groups, seed),
        ece_cell_count=ECE_CELLS,
        intercept=level_shift(y, probability) if both else float("nan"),
        slope=fit_calibration(log_odds(probability), y).slope if both else float("nan"),
        cells=tuple(cells),
    )


def _band_words(probability: Floats, bands: Integers) -> tuple[str, ...]:
    words = []
    for band in range(BAND_COUNT):
        inside = probability[bands == band]
        words.append(f"{inside.min():.2%} to {inside.max():.2%}" if len(inside) else "none")
    return tuple(words)
