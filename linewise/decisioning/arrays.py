"""What numpy does at ten times the cost of the arithmetic for one customer: missing values, first matches."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["first_match", "or_zero", "some"]


def or_zero(values: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers with 0 for what is missing, same shape; `np.nan_to_num` looks for infinities too."""
    return np.where(np.isnan(values), 0.0, values)


def first_match(conditions: Sequence[Any], choices: Sequence[Any], default: Any) -> NDArray[Any]:
    """The choice of the first condition that holds, else the default, all broadcast to one shape; as `np.select`."""
    found = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        found = np.where(condition, choice, found)
    return np.asarray(found)


def some(values: Any) -> bool:
    """Whether any is true, or not zero; of one customer `any` costs four times as much."""
    return bool(np.count_nonzero(values))
