"""Columns as both engines take them: arrays of one length, or of one value for all rows; NaN and None are NULL."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Columns", "as_series", "value_at"]

Columns = Mapping[str, NDArray[Any]]
"""Arrays by name, each (n_rows,) or (1,); a column that nobody supplies is NULL in every row."""


def value_at(column: NDArray[Any], row: int) -> float | str | None:
    """One value in the form that is bound to a statement: whole numbers count as floats in both engines."""
    value: float | str | None = column.item(row)
    return float(value) if value.__class__ is int else value


def as_series(name: str, column: NDArray[Any] | None, kind: str, rows: int) -> pl.Series:
    """A column as a frame holds it: Float64 with NaN for NULL (flags too), or String."""
    if column is None:
        return pl.repeat(None if kind == "text" else np.nan, rows, dtype=_type(kind), eager=True).alias(name)
    if len(column) == 1:
        value = column.item()
        return pl.repeat(_known(value, kind), rows, dtype=_type(kind), eager=True).alias(name)
    if kind == "text":
        return pl.Series(name, [_known(value, kind) for value in column.tolist()], dtype=pl.String)
    return pl.Series(name, np.ascontiguousarray(column, dtype=np.float64))


def _type(kind: str) -> type[pl.String] | type[pl.Float64]:
    return pl.String if kind == "text" else pl.Float64


def _known(value: Any, kind: str) -> Any:
    if kind == "text":
        return value if isinstance(value, str) else None
    return np.nan if value is None else float(value)
