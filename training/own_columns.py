"""Columns that a mapping adds to the contract tables (`x_…`) as inputs of a model, each by its declared type."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.dictionary import Column, Purpose
from linewise.bank.tables import Bank

__all__ = ["own_inputs"]

Floats = npt.NDArray[np.float64]


def own_inputs(bank: Bank, rows: Mapping[str, pa.Table], purpose: Purpose) -> tuple[tuple[str, ...], Floats]:
    """The names (n_inputs,) and the values (n_rows, n_inputs).

    rows: contract table to its rows in the order that is asked for, all of one length. Taken is what the mapping
    added to these tables and allows for the purpose: numbers as they are, booleans as 0 and 1, texts as the place in
    the column's list of values (the vocabulary that the mapping fixes), NaN where missing. A text without such a
    list, and a moment, are no inputs.
    """
    columns = [
        (table, column)
        for table, found in rows.items()
        for column in bank.columns(table)
        if column.name.startswith("x_") and purpose in column.allowed_for and _is_input(column)
    ]
    length = next(iter(rows.values())).num_rows
    values = [_numbers(rows[table][column.name], column.values) for table, column in columns]
    return (
        tuple(column.name for _, column in columns),
        np.column_stack(values) if values else np.empty((length, 0)),
    )


def _is_input(column: Column) -> bool:
    return column.type in {"integer", "float", "ratio", "boolean"} or column.values is not None


def _numbers(values: pa.ChunkedArray, vocabulary: Sequence[str] | None) -> Floats:
    if vocabulary is not None:
        values = pc.index_in(values, value_set=pa.array(vocabulary, pa.string()))
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
