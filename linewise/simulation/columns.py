"""From numpy arrays to the columns of a contract table, without a Python object a row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linewise.bank.dictionary import load_dictionary
from linewise.simulation.chance import Ints

__all__ = ["CURRENCY", "coded", "contract_table", "customer_ids", "numbered", "optional", "rank_within"]

CURRENCY = "CNY"
_CUSTOMER_DIGITS = 6


def contract_table(name: str, rows_count: int, **columns: Any) -> pa.Table:
    """A contract table of that many rows with the dictionary's columns, types and order.

    Given are Arrow or numpy arrays, moments as microseconds, or one value for all rows; a nullable column
    that is not given is empty. Raises KeyError for a column the dictionary does not know.
    """
    fields = {column.name: column for column in load_dictionary()[name].columns}
    if unknown := set(columns) - set(fields):
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    if "currency" in fields:
        columns.setdefault("currency", CURRENCY)
    return pa.table(
        {key: _filled(columns.get(key), column.arrow_type, rows_count) for key, column in fields.items()},
        schema=load_dictionary()[name].arrow_schema,
    )


def customer_ids(number: Ints) -> pa.Array:
    """`C000123` for customer 123."""
    return numbered("C", number)


def numbered(prefix: str, number: Ints, digits: int = _CUSTOMER_DIGITS, *more: tuple[Ints, int]) -> pa.Array:
    """Texts of one width: the prefix, then each number with its digits and leading zeros."""
    parts = [np.broadcast_to(np.frombuffer(prefix.encode(), dtype=np.uint8), (len(number), len(prefix)))]
    for values, width in ((number, digits), *more):
        powers = 10 ** np.arange(width - 1, -1, -1)
        parts.append((values[:, None] // powers % 10 + ord("0")).astype(np.uint8))
    letters = np.ascontiguousarray(np.concatenate(parts, axis=1))
    offsets = np.arange(len(number) + 1, dtype=np.int64) * letters.shape[1]
    large = pa.LargeStringArray.from_buffers(len(number), pa.py_buffer(offsets), pa.py_buffer(letters))
    return large.cast(pa.string())


def coded(code: NDArray[Any], words: Sequence[str]) -> pa.Array:
    """The word of each code; a negative code is missing."""
    indices = pa.array(code.astype(np.int32), mask=code < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string())).cast(pa.string())


def optional(values: NDArray[Any] | pa.Array, is_there: NDArray[np.bool_]) -> pa.Array:
    """The values where they are there, missing elsewhere."""
    if isinstance(values, np.ndarray):
        return pa.array(values, mask=~is_there)
    return pc.if_else(pa.array(is_there), values, pa.scalar(None, values.type))


def rank_within(who: NDArray[Any]) -> Ints:
    """0, 1, 2 … within each run of equal values."""
    if not len(who):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    lengths = np.diff(np.append(starts, len(who)))
    return np.arange(len(who)) - np.repeat(starts, lengths)


def _filled(values: Any, wanted: pa.DataType, rows_count: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows_count, wanted)
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.cast(wanted)
    if isinstance(values, np.ndarray):
        if pa.types.is_date32(wanted):
            return pa.array(values.astype(np.int32)).cast(wanted)
        return pa.array(values).cast(wanted)
    return pa.repeat(pa.scalar(values, wanted), rows_count)
