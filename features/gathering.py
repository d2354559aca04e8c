"""Chosen rows of a column as Arrow lays it, straight to their places in an array; compiled."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["gather"]


@compiled
def gather(values: Any, bits: Any, skipped: int, rows: Any, places: Any, column: Any) -> None:
    """Fill column[places[i]] with the value of row rows[i], NaN where it is missing.

    bits: one a value, the lowest of a byte first, set where the value is there; none at all where every one is. Both
    begin with `skipped` values that are not of the column.
    """
    if len(bits) == 0:
        for at in range(len(rows)):
            column[places[at]] = values[rows[at] + skipped]
        return
    for at in range(len(rows)):
        row = rows[at] + skipped
        is_there = (bits[row >> 3] >> (row & 7)) & 1
        column[places[at]] = values[row] if is_there else np.nan
