"""The rows of one table, each with its customer and its place among the customer's rows."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from linewise.bank.dictionary import Table
from linewise.simulation.chance import Chance, Floats, Ints

__all__ = ["OwnedRows", "as_delivered", "with_columns"]


@dataclass(frozen=True)
class OwnedRows:
    """The rows (n_rows,) of a table of events, and dice that know a row by its customer and its place alone.

    `customer` and `index` (n_rows,) are the customer's number and 0, 1, 2 … among the customer's rows.
    """

    table: Table
    rows: pa.Table
    chance: Chance
    customer: Ints
    index: Ints

    @classmethod
    def of(cls, table: Table, rows: pa.Table, chance: Chance) -> Self:
        """The rows as they are, each given its owner."""
        customer = _customer_numbers(rows["customer_id"])
        return cls(table, rows, chance, customer, _places(customer))

    def uniform(self, purpose: str) -> Floats:
        """A number in (0, 1) for each row, (n_rows,)."""
        return self.chance.uniform(f"dirt {self.table.name} {purpose}", self.customer, self.index)

    def between(self, low: int, high: int, purpose: str, places: Ints) -> Ints:
        """A whole number from low to high for each row at these places, (n_places,)."""
        purpose = f"dirt {self.table.name} {purpose}"
        return self.chance.between(low, high, purpose, self.customer[places], self.index[places])

    def copies(self, places: Ints) -> pa.Table:
        """The rows at these places in the contract's types, text that was encoded decoded."""
        rows = self.rows.take(pa.array(places))
        return rows.cast(pa.schema([pa.field(field.name, _decoded(field.type)) for field in rows.schema]))


def as_delivered(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with their text encoded and their numbers floating where the schema has them so."""
    encoded = [
        values.cast(field.type.value_type).dictionary_encode().cast(field.type)
        if kinds.is_dictionary(field.type) and not kinds.is_dictionary(values.type)
        else values.cast(field.type)
        for values, field in zip(rows.columns, schema, strict=True)
    ]
    return pa.table(encoded, schema=schema)


def with_columns(rows: pa.Table, **columns: pa.ChunkedArray | pa.Array) -> pa.Table:
    """The rows with these columns in the place of their own."""
    for name, values in columns.items():
        at = rows.column_names.index(name)
        rows = rows.set_column(at, rows.schema.field(at), values)
    return rows


def _customer_numbers(customer_ids: pa.ChunkedArray) -> Ints:
    # Each name is read once, however many rows it has: `C000123` is customer 123.
    if not kinds.is_dictionary(customer_ids.type):
        customer_ids = customer_ids.dictionary_encode()
    chunks = [
        np.asarray(pc.utf8_slice_codeunits(chunk.dictionary, 1).cast(pa.int64()))[np.asarray(chunk.indices)]
        for chunk in customer_ids.chunks
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *chunks]).astype(np.int64)


def _places(customer: Ints) -> Ints:
    """0, 1, 2 … among the rows of each customer, in the order of the rows."""
    order = np.argsort(customer, kind="stable")
    in_order = customer[order]
    is_first = np.append(True, in_order[1:] != in_order[:-1])[: len(in_order)]
    at = np.arange(len(in_order))
    places = np.empty_like(at)
    places[order] = at - np.maximum.accumulate(np.where(is_first, at, 0))
    return places


def _decoded(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if kinds.is_dictionary(kind) else kind
