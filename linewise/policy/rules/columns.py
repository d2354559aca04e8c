"""Columns as both engines take them: arrays of one length, or of one value for all rows; NaN and None are NULL."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["Columns", "as_series"]

Columns = Mapping[str, NDArray[Any]]
"""Arrays by name, each (n_rows,) or (1,); a column that nobody supplies is NULL in every row."""


def as_series(name: str, column: NDArray[Any] | None, kind: str, rows: int) -> pl.Series:
    """A column as a frame holds it: Float64 with NaN for NULL (flags too), or String."""
    if column is None:
        return pl.repeat(None if kind == "text" else np.nan, rows, dtype=_type(kind), eager=True).alias(name)
    if len(column) == 1:
        value = column.item()
        return pl.repeat(_known(value, kind), rows, dtype=_type(kind), eager=True).alias(name)
    if kind == "text":
        # Arrow reads objects some five times faster than a list is; a column of NaN alone holds no text.
        texts = [None] * rows if column.dtype.kind == "f" else column
        return pl.Series(name, pa.array(texts, pa.string(), from_pandas=True))
    # By Arrow, which takes an array as it lies.
    return pl.Series(name, pa.array(np.ascontiguousarray(column, dtype=np.float64)))


def _type(kind: str) -> type[pl.String] | type[pl.Float64]:
    return pl.String if kind == "text" else pl.Float64


def _known(value: Any, kind: str) -> Any:
    if kind == "text":
        return value if isinstance(value, str) else None
    return np.nan if value is None else float(value)
