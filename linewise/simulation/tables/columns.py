"""From numpy arrays to the columns of a contract table; words stay codes beside a dictionary."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linewise.bank.dictionary import Column, load_dictionary
from linewise.core.compiling import compiled
from linewise.simulation.chance import Ints

__all__ = [
    "EXTRA_COLUMNS",
    "coded",
    "contract_table",
    "found_codes",
    "in_order",
    "moments",
    "optional",
    "text_versions",
]

EXTRA_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "customers": (
        Column(
            name="x_application_score",
            type="integer",
            minimum=300,
            maximum=900,
            meaning="The bank's score when the customer applied for the card, higher is better.",
            sensitivity="personal",
            allowed_for=("eligibility", "risk", "limit", "price", "fairness", "audit"),
        ),
    ),
    "exposures": (
        Column(
            name="x_is_randomised",
            type="boolean",
            meaning="Whether the offer was drawn by lot, among customers set aside for that.",
            sensitivity="personal",
            allowed_for=("audit",),
        ),
    ),
}
"""What this bank adds to the contract, by table."""

_FIRST_YEAR = 1980
_VERSIONS = tuple(f"{year}-1" for year in range(_FIRST_YEAR, 2053))
_SHORT = 127
"""Words that an index of one byte can tell apart."""
_MOMENT = pa.timestamp("us", tz="UTC")


def contract_table(name: str, rows_count: int, **columns: Any) -> pa.Table:
    """A contract table of that many rows with the dictionary's columns and this bank's own, in their order.

    Given are Arrow or numpy arrays, or one value for all rows; a nullable column that is not given is
    empty. Texts may be dictionary-encoded. Raises KeyError for an unknown column, and for one that
    may not be empty and is not given.
    """
    fields = {column.name: column for column in (*load_dictionary()[name].columns, *EXTRA_COLUMNS.get(name, ()))}
    if unknown := set(columns) - set(fields):
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    return pa.table({key: _filled(columns.get(key), column, rows_count) for key, column in fields.items()})


def coded(code: NDArray[Any], words: Sequence[str] | pa.Array) -> pa.DictionaryArray:
    """The word of each code (n,), as a dictionary array; a negative code is missing.

    Words of an Arrow array must differ from each other; in a sequence one word may stand for several codes.
    """
    width: type[np.signedinteger[Any]] = np.int32
    if not isinstance(words, pa.Array):
        if len(different := list(dict.fromkeys(words))) < len(words):
            code = np.array([different.index(word) for word in words] + [-1])[np.maximum(code, -1)]
        width = np.int8 if len(different) <= _SHORT else np.int32
        words = pa.array(different, pa.string())
    index: NDArray[Any] = np.ascontiguousarray(code, dtype=width)
    # Codes come from the equations, within their words: the bounds are not looked at again.
    return pa.DictionaryArray.from_arrays(optional(index, index >= 0), words, safe=False)


def moments(at_us: Ints, is_there: NDArray[np.bool_] | None = None) -> pa.Array:
    """Microseconds since 1970 as moments, missing where they are not there."""
    return optional(at_us, is_there).cast(_MOMENT)


def optional(values: NDArray[Any], is_there: NDArray[np.bool_] | None) -> pa.Array:
    """The values where they are there, missing elsewhere; they are not copied."""
    if is_there is None or values.dtype == np.bool_ or is_there.all():
        return pa.array(values, mask=None if is_there is None else ~is_there)
    whole = pa.array(np.ascontiguousarray(values))
    holes = pa.py_buffer(np.packbits(is_there, bitorder="little"))
    return pa.Array.from_buffers(whole.type, len(whole), [holes, whole.buffers()[1]])


def in_order(person: NDArray[Any], at_us: NDArray[Any]) -> Ints:
    """The order of rows by customer and moment, (n,); equal ones stay as they are. Persons are 0 or more."""
    order = np.empty(len(person), dtype=np.int64)
    _sort(person.astype(np.int64), at_us.astype(np.int64), order)
    return order


@compiled
def _sort(person: Any, at_us: Any, order: Any) -> None:
    """By customer through counting, then each customer's few rows by insertion: a third of a general sort."""
    if not len(person):
        return
    places = np.zeros(person.max() + 2, dtype=np.int64)
    for one in person:
        places[one + 1] += 1
    places = np.cumsum(places)
    begins = places.copy()
    for row in range(len(person)):
        one = person[row]
        place = places[one]
        while place > begins[one] and at_us[order[place - 1]] > at_us[row]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = row
        places[one] += 1


def found_codes(code: NDArray[Any], size: int) -> tuple[Ints, NDArray[np.int32]]:
    """The codes from 0 to size - 1 that occur, in order, and the place of each row's among them, (n,).

    A code of -1 is none, and its place is -1. As np.unique, for codes of a small range, without sorting.
    """
    occurs = np.zeros(size + 1, dtype=np.bool_)
    occurs[code] = True
    occurs[-1] = False
    found = np.flatnonzero(occurs)
    place = np.full(size + 1, -1, dtype=np.int32)
    place[found] = np.arange(len(found))
    return found, place[code]


def text_versions(at_us: Ints) -> pa.DictionaryArray:
    """The version of the bank's texts at those moments: a new one every year."""
    years = at_us.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + 1970 - _FIRST_YEAR
    return coded(years, _VERSIONS)


def _filled(values: Any, column: Column, rows_count: int) -> pa.Array:
    wanted = column.arrow_type
    if isinstance(values, pa.Array):
        return values if pa.types.is_dictionary(values.type) else values.cast(wanted)
    if isinstance(values, np.ndarray):
        if pa.types.is_date32(wanted):
            return pa.array(values.astype(np.int32)).cast(wanted)
        return pa.array(values).cast(wanted)
    if isinstance(values, str):
        return coded(np.zeros(rows_count, dtype=np.int8), (values,))
    if values is None:
        if not column.is_nullable:
            raise KeyError(f"the column {column.name} may not be empty")
        return pa.nulls(rows_count, wanted)
    return pa.repeat(pa.scalar(values, wanted), rows_count)
