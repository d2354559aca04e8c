"""The amount lent, measured against the customer's income: the one way in which it enters a model."""

import numpy as np
import numpy.typing as npt

from training.dataset import Dataset

__all__ = ["dose_of", "dose_term", "least_scale"]

Floats = npt.NDArray[np.float64]


def dose_term(principal_amt: Floats, scale_amt: Floats, minimum_scale_amt: float) -> Floats:
    """log1p(principal_amt / max(scale_amt, minimum_scale_amt)); a missing scale counts as the minimum.

    >>> dose_term(np.array([100.0, 100.0]), np.array([50.0, np.nan]), 25.0).round(4).tolist()
    [1.0986, 1.6094]
    """
    return np.asarray(np.log1p(principal_amt / np.fmax(scale_amt, minimum_scale_amt)), dtype=np.float64)


def least_scale(data: Dataset, quantile: float) -> float | None:
    """The least scale to divide by: this quantile of the positive scales, at least one minor unit.

    None where the data carry no dose. Without it a customer of nearly no recorded income would be an
    outlier of the dose, and the slope would be fitted on a handful of them.
    """
    if data.scale_amt is None:
        return None
    known = data.scale_amt[data.scale_amt > 0]
    return max(1.0, float(np.floor(np.quantile(known, quantile)))) if len(known) else 1.0


def dose_of(data: Dataset, minimum_scale_amt: float | None) -> Floats | None:
    """The dose term of each row (n_rows,), or None where the model has no dose."""
    if minimum_scale_amt is None or data.principal_amt is None or data.scale_amt is None:
        return None
    return dose_term(data.principal_amt, data.scale_amt, minimum_scale_amt)
