"""The amount lent, measured against the income, or the raise, against the line: the one way it enters a model."""

from typing import overload

import numpy as np
import numpy.typing as npt

from training.dataset import AmountDataset, Dataset
from training.specs import AmountSpec, ModelSpec

__all__ = ["BENDS", "LARGEST_SHARE", "bent", "beside_dose", "dose_of", "dose_term", "least_scale", "share_of_scale"]

Floats = npt.NDArray[np.float64]


BENDS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.09)
"""How a dose may bend: 1 is the plain logarithm; with less, more of the effect comes with the first units. Each step
moves the dose of a raise by a tenth by about a tenth."""

LARGEST_SHARE = 10.0
"""Of the line in a year, as the features cap their ratios; a handful of tiny lines would speak for all."""


def bent(ratio: Floats, bend_ratio: float) -> Floats:
    """log1p(ratio / bend) · log 2 / log1p(1 / bend): log 2 at a ratio of one whatever the bend, log1p at a bend of 1.

    >>> bent(np.array([0.1, 1.0]), 0.25).round(4).tolist()
    [0.1449, 0.6931]
    """
    return np.asarray(np.log1p(ratio / bend_ratio) * (np.log(2.0) / np.log1p(1.0 / bend_ratio)), dtype=np.float64)


def dose_term(principal_amt: Floats, scale_amt: Floats, minimum_scale_amt: float, bend_ratio: float = 1.0) -> Floats:
    """`bent` of principal_amt / max(scale_amt, minimum_scale_amt); a missing scale counts as the minimum.

    >>> dose_term(np.array([100.0, 100.0]), np.array([50.0, np.nan]), 25.0).round(4).tolist()
    [1.0986, 1.6094]
    """
    return bent(principal_amt / np.fmax(scale_amt, minimum_scale_amt), bend_ratio)


def share_of_scale(amount_amt: Floats, scale_amt: Floats, minimum_scale_amt: float) -> Floats:
    """Amounts as shares of max(scale_amt, minimum_scale_amt), (n_rows,), at most LARGEST_SHARE.

    >>> share_of_scale(np.array([50.0, 900.0]), np.array([100.0, 1.0]), 25.0).tolist()
    [0.5, 10.0]
    """
    return np.minimum(amount_amt / np.fmax(scale_amt, minimum_scale_amt), LARGEST_SHARE)


@overload
def least_scale(spec: AmountSpec, data: AmountDataset) -> float: ...
@overload
def least_scale(spec: ModelSpec, data: Dataset) -> float | None: ...
def least_scale(spec: ModelSpec, data: Dataset) -> float | None:
    """The least scale to divide by: the spec's quantile of the positive scales, at least one minor unit.

    None where the model has no dose. Without it a customer of nearly no recorded income would be an
    outlier of the dose, and the slope would be fitted on a handful of them.
    """
    if spec.dose is None or data.scale_amt is None:
        return None
    known = data.scale_amt[data.scale_amt > 0]
    return max(1.0, float(np.floor(np.quantile(known, spec.dose.floor_quantile)))) if len(known) else 1.0


@overload
def dose_of(data: AmountDataset, minimum_scale_amt: float, bend_ratio: float = 1.0) -> Floats: ...
@overload
def dose_of(data: Dataset, minimum_scale_amt: float | None, bend_ratio: float = 1.0) -> Floats | None: ...
def dose_of(data: Dataset, minimum_scale_amt: float | None, bend_ratio: float = 1.0) -> Floats | None:
    """The dose term of each row (n_rows,), or None where the model has no dose."""
    if minimum_scale_amt is None or data.principal_amt is None or data.scale_amt is None:
        return None
    return dose_term(data.principal_amt, data.scale_amt, minimum_scale_amt, bend_ratio)


def beside_dose(data: Dataset, minimum_scale_amt: float | None) -> Floats:
    """The inputs of the linear rivals, (n_rows, n_columns): those of the trees, and the dose where there is one."""
    dose = dose_of(data, minimum_scale_amt)
    return data.x if dose is None else np.column_stack([data.x, dose])
