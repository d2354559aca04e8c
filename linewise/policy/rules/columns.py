"""Columns as both engines read them: numbers and flags as floats with NaN, texts as strings with None."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.types import Floats

__all__ = ["Columns", "flags_of", "numbers_of", "texts_of"]

Columns = Mapping[str, NDArray[Any]]
"""Arrays of equal length by name; NaN and None are NULL, and so is a column that nobody supplies."""


def numbers_of(columns: Columns, name: str, rows: int) -> Floats:
    """A column of numbers, (n_rows,), NaN for NULL."""
    values = columns.get(name)
    return np.full(rows, np.nan) if values is None else np.asarray(values, dtype=np.float64)


def flags_of(columns: Columns, name: str, rows: int) -> Floats:
    """A column of flags, (n_rows,): 1 for anything but 0, NaN for NULL."""
    numbers = numbers_of(columns, name, rows)
    return np.where(np.isnan(numbers), np.nan, numbers != 0)


def texts_of(columns: Columns, name: str, rows: int) -> list[str | None]:
    """A column of texts, one a row, None for NULL (a NaN among objects is one too)."""
    values = columns.get(name)
    if values is None:
        return [None] * rows
    return [value if isinstance(value, str) else None for value in values.tolist()]
