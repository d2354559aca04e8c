"""Rows of a contract table laid out by customer: read once into numpy, looked up in microseconds.

Axis names: `n_customers` (of the chunk that is decided), `n_rows` (rows of a table that belong to them).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds
from numpy.typing import NDArray

from linewise.bank.coded import coded
from linewise.core.moments import NEVER
from linewise.decisioning.arrays import some
from linewise.decisioning.types import Bools, Floats, Ints

__all__ = [
    "KeyedTable",
    "Rows",
    "WordFlags",
    "keyed",
    "nought_if_missing",
]

Values: TypeAlias = NDArray[Any]

NONE = slice(0, 0)


@dataclass(frozen=True, slots=True)
class KeyedTable:
    """One table by customer: the rows of customer i stand at starts[i] to starts[i + 1].

    columns: moments as int64 microseconds (NEVER where empty), numbers and flags as float64 (NaN where
    empty), words as codes (-1 where empty) whose meaning is in `words`. event: the column of the event's
    moment, None where the table has none.
    """

    starts: Ints
    columns: Mapping[str, Values]
    words: Mapping[str, Mapping[str, int]]
    event: str | None

    def names_of(self, column: str) -> tuple[str, ...]:
        """The words of a column in the order of their codes."""
        return tuple(self.words[column])

    def rows_of(self, customers: Ints) -> "Rows":
        """Every row of these customers (places in the bank's order), (n_customers,), in the order asked."""
        if len(customers) == 1:
            # A call is about one customer: no need to gather.
            place = int(customers[0])
            position = np.arange(self.starts[place], self.starts[place + 1])
            return Rows(self, position, np.zeros(len(position), dtype=np.int64), 1)
        if _are_neighbours(customers):
            # A frame of a base is about neighbours, whose rows are neighbours as well.
            starts = self.starts[customers[0] : customers[-1] + 2]
            owner = np.repeat(np.arange(len(customers)), np.diff(starts))
            return Rows(self, slice(int(starts[0]), int(starts[-1])), owner, len(customers))
        first = self.starts[customers]
        length = self.starts[customers + 1] - first
        owner = np.repeat(np.arange(len(customers)), length)
        begins = np.cumsum(length) - length
        return Rows(self, np.arange(len(owner)) + (first - begins)[owner], owner, len(customers))


def _are_neighbours(customers: Ints) -> bool:
    return len(customers) > 1 and np.array_equal(customers, np.arange(customers[0], customers[0] + len(customers)))


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table: position (n_rows,) in it, owner (n_rows,) the customer in the chunk, ascending.

    Where the position is a slice, columns are looked at where they lie: they are read, never written to.
    """

    table: KeyedTable
    position: Ints | slice
    owner: Ints
    customer_count: int

    def __getitem__(self, column: str) -> Values:
        values: Values = self.table.columns[column][self.position]
        return values

    def only(self, is_kept: Bools) -> "Rows":
        """The rows where is_kept (n_rows,) holds."""
        # Of one customer it is mostly all of them or none, which needs no gathering.
        kept_count = np.count_nonzero(is_kept)
        if kept_count == len(self.owner):
            return self
        return self._at(np.flatnonzero(is_kept)) if kept_count else self._at(NONE)

    def _at(self, kept: Ints | slice) -> "Rows":
        whole, owner = self.position, self.owner[kept]
        if not isinstance(whole, slice):
            return Rows(self.table, whole[kept], owner, self.customer_count)
        position = NONE if isinstance(kept, slice) else kept + whole.start
        return Rows(self.table, position, owner, self.customer_count)

    def known(self, at: Ints) -> "Rows":
        """The rows that had happened and were recorded at the customer's moment, (n_customers,)."""
        moment = at[self.owner]
        is_known = self["recorded_at"] <= moment
        return self.only(is_known if self.table.event is None else is_known & (self[self.table.event] <= moment))

    def is_word(self, column: str, *words: str) -> Bools:
        """Whether the column holds one of the words, (n_rows,)."""
        codes = [code for word in words if (code := self.table.words[column].get(word)) is not None]
        found = self[column]
        is_one = np.zeros(len(found), dtype=bool)
        for code in codes:
            is_one |= found == code
        return is_one

    def translated(self, column: str, value_of: Mapping[str, float]) -> Floats:
        """The number of each row's word, (n_rows,); NaN for words without one."""
        words = self.table.words[column]
        by_code = np.full(len(words) + 1, np.nan)  # the last place is that of an empty cell, code -1
        for word, code in words.items():
            by_code[code] = value_of.get(word, np.nan)
        return by_code[self[column]]

    def by_word(self, column: str) -> "WordFlags":
        """Which words of the column each customer has a row of."""
        words = self.table.words[column]
        has = np.zeros((self.customer_count, len(words) + 1), dtype=bool)  # the last place is that of an empty cell
        has[self.owner, self[column]] = True
        return WordFlags(words, has)

    # ---- one number a customer, (n_customers,) -------------------------------------------------------

    def count(self) -> Floats:
        """How many rows each customer has."""
        return np.bincount(self.owner, minlength=self.customer_count).astype(np.float64)

    def distinct(self, column: str) -> Floats:
        """How many different values of the column each customer has."""
        order = np.lexsort((self[column], self.owner))
        if not len(order):
            return np.zeros(self.customer_count)
        owner, value = self.owner[order], self[column][order]
        is_new = np.ones(len(order), dtype=bool)
        is_new[1:] = (owner[1:] != owner[:-1]) | (value[1:] != value[:-1])
        return np.bincount(owner[is_new], minlength=self.customer_count).astype(np.float64)

    def any(self) -> Bools:
        """Whether the customer has a row."""
        found = np.zeros(self.customer_count, dtype=bool)
        found[self.owner] = True
        return found

    def total(self, values: Values) -> Floats:
        """The sum of values (n_rows,); 0 without rows, NaN where one of them is missing."""
        return np.asarray(np.bincount(self.owner, values, self.customer_count), dtype=np.float64)

    def most(self, values: Values) -> Floats:
        """The greatest of values (n_rows,); NaN without rows, missing ones do not count."""
        found = np.full(self.customer_count, np.nan)
        if len(self.owner):
            first = _first_of_each(self.owner)
            found[self.owner[first]] = np.fmax.reduceat(values.astype(np.float64), first)
        return found

    def least(self, values: Values) -> Floats:
        """The smallest of values (n_rows,); NaN without rows, missing ones do not count."""
        return -self.most(-values.astype(np.float64))

    def latest_moment(self, column: str) -> Ints:
        """The latest moment of a column that came; NEVER where none did."""
        moments = self[column]
        found = np.full(self.customer_count, NEVER)
        is_come = moments != NEVER
        if is_come.any():
            owners = self.owner[is_come]
            first = _first_of_each(owners)
            found[owners[first]] = np.maximum.reduceat(moments[is_come], first)
        return found

    def latest(self, *orders: str) -> "Rows":
        """One row a customer at most: the last by these columns, the first of which weighs most."""
        if len(self.owner) <= 1:
            return self
        keys = [self[column] for column in reversed(orders)]
        order = np.lexsort([*keys, self.owner])
        is_last = np.ones(len(order), dtype=bool)
        owner = self.owner[order]
        is_last[:-1] = owner[1:] != owner[:-1]
        return self._at(order[is_last])

    def spread(self, values: Values) -> Floats:
        """Values (n_rows,) of at most one row a customer, NaN for those without."""
        found = np.full(self.customer_count, np.nan)
        found[self.owner] = values
        return found


@dataclass(frozen=True, slots=True)
class WordFlags:
    """Which words each customer has a row of: has (n_customers, n_words + 1)."""

    words: Mapping[str, int]
    has: Bools

    def any(self, *words: str) -> Bools:
        """Whether the customer has a row of one of the words, (n_customers,)."""
        codes = [self.words[word] for word in words if word in self.words]
        if len(codes) == 1:
            return np.asarray(self.has[:, codes[0]])
        return np.asarray(self.has[:, codes].any(axis=1))


def _first_of_each(owner: Ints) -> Ints:
    """Where the rows of each customer begin, for owners in ascending order."""
    begins = np.empty(len(owner), dtype=bool)
    begins[0] = True
    np.not_equal(owner[1:], owner[:-1], out=begins[1:])
    return begins.nonzero()[0]


def nought_if_missing(values: Values) -> Floats:
    """Missing numbers as 0."""
    return np.where(np.isnan(values), 0.0, values)


def keyed(
    table: pa.Table, customer_ids: pa.Array, columns: Sequence[str], event: str | None, money: Sequence[str] = ()
) -> KeyedTable:
    """The named columns of a table with `customer_id`, by the order of customer_ids (n_customers,).

    Columns of `money` become float64 like any number, which holds minor units exactly up to 2 ** 53.
    """
    owner = coded(table["customer_id"]).among(customer_ids)
    order: slice | Ints = slice(None)
    # Tables lie in order of customer as a rule: then nothing has to be moved.
    if len(owner) and (owner[0] < 0 or some(owner[1:] < owner[:-1])):
        order = np.argsort(owner, kind="stable")
        order = order[np.searchsorted(owner[order], 0) :]
        owner = owner[order]
    starts = np.searchsorted(owner, np.arange(len(customer_ids) + 1)).astype(np.int64)
    words: dict[str, dict[str, int]] = {}
    values: dict[str, Values] = {}
    for name in dict.fromkeys((*columns, *money)):
        values[name] = _as_numbers(table[name], name, words)[order]
    return KeyedTable(starts, values, words, event)


def _as_numbers(column: pa.ChunkedArray, name: str, words: dict[str, dict[str, int]]) -> Values:
    if kinds.is_timestamp(column.type):
        in_us = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
        return np.asarray(pc.fill_null(in_us, NEVER), dtype=np.int64)
    if kinds.is_string(column.type) or kinds.is_large_string(column.type) or kinds.is_dictionary(column.type):
        told = coded(column)
        words[name] = {word: code for code, word in enumerate(told.words.to_pylist()) if word is not None}
        return told.place
    # A missing number of Arrow's is a NaN of numpy's.
    days_or_numbers = column.cast(pa.int32()) if kinds.is_date(column.type) else column
    return np.asarray(days_or_numbers.cast(pa.float64()), dtype=np.float64)
