"""The rows that boosters are asked about, compiled: one pass from the features to what a model reads, in its order."""

from typing import Any

from linewise.core.compiling import compiled

__all__ = ["fill_rows"]


@compiled
def fill_rows(features: Any, rows: Any, places: Any, filled: Any) -> None:
    """Fill the first columns of filled (n_rows, n_inputs or more): of each customer in `rows` the features `places`."""
    for at in range(len(rows)):
        for column in range(len(places)):
            filled[at, column] = features[rows[at], places[column]]
