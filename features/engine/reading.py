"""The transactions of a bucket by customer and time."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.engine.classes import encoded

__all__ = ["CustomerRows", "Runs", "by_customer"]


@dataclass(frozen=True, slots=True)
class Runs:
    """Where the rows of each customer lie: customers (n_customers,) their ids; first_row (n_customers + 1,) of each."""

    customers: pa.Array
    first_row: NDArray[np.int64]

    def of(self, customer_ids: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first row of each customer asked for, and the one after the last: the same where there are none."""
        nobody = len(self.customers)
        place = pc.fill_null(pc.index_in(customer_ids, self.customers), nobody).to_numpy()
        edges = np.append(self.first_row, self.first_row[-1])
        return edges[place], edges[place + 1]


@dataclass(frozen=True, slots=True)
class CustomerRows:
    """Transactions by customer and time.

    table: the rows, texts dictionary-encoded; posted_us, recorded_us (n_rows,) microseconds since 1970.
    """

    table: pa.Table
    posted_us: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    runs: Runs


def by_customer(table: pa.Table) -> CustomerRows:
    """The same rows, sorted where they are not: by customer, then by time."""
    ids = encoded(table["customer_id"])
    codes, posted_us = ids.indices.to_numpy(), _microseconds(table["posted_at"])
    is_next = np.diff(codes)
    if (is_next < 0).any() or (np.diff(posted_us)[is_next == 0] < 0).any():
        order = np.lexsort((posted_us, codes))
        table, codes, posted_us = table.take(pa.array(order)), codes[order], posted_us[order]
    first_row = np.searchsorted(codes, np.arange(len(ids.dictionary) + 1))
    return CustomerRows(table, posted_us, _microseconds(table["recorded_at"]), Runs(ids.dictionary, first_row))


def _microseconds(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return column.cast(pa.int64()).to_numpy()
