"""How take-up answers to the price that an experiment drew: by risk band, as its authors measure it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from linewise.bank.dictionary import Column
from training.dataset import Dataset

__all__ = ["slopes_by_band"]

Floats = npt.NDArray[np.float64]

RATE, BAND, WAVE = "x_monthly_rate_ratio", "x_risk_band", "x_wave_number"


def slopes_by_band(data: Dataset, columns: Sequence[Column], outcome: Floats) -> dict[str, tuple[float, float]]:
    """Band to the slope of the outcome (n_rows,) in the monthly rate, and its standard error, both for one point.

    Least squares within the band on the rate and one constant a wave, since the rate was drawn within band and wave
    (Karlan and Zinman, AER 98(3), 2008); errors are White's, for the variance of a share goes with its level.
    """
    bands = next(column.values for column in columns if column.name == BAND)
    assert bands is not None, "the mapping lists the bands"
    at = {name: data.x[:, data.inputs.index(name)] for name in (RATE, BAND, WAVE)}
    return {
        name: _slope(100 * at[RATE][at[BAND] == place], at[WAVE][at[BAND] == place], outcome[at[BAND] == place])
        for place, name in enumerate(bands)
    }


def _slope(rate: Floats, wave: Floats, outcome: Floats) -> tuple[float, float]:
    inputs = np.column_stack([rate, wave[:, None] == np.unique(wave)])
    coefficients, *_ = np.linalg.lstsq(inputs, outcome, rcond=None)
    left = outcome - inputs @ coefficients
    bread = np.linalg.inv(inputs.T @ inputs)
    variance = bread @ (inputs.T * left**2) @ inputs @ bread
    return float(coefficients[0]), float(np.sqrt(variance[0, 0]))
