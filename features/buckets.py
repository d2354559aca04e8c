"""Customer buckets: contiguous ranges of customers that are built, written and read by themselves.

A part of the bank's tables holds all rows of its customers, so a bucket that lies within one part needs the files
of that part alone: work splits by bucket, over processes now and over machines later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from linewise.bank.tables import Bank

__all__ = ["CUSTOMERS_A_BUCKET", "READ_TABLES", "Bucket", "buckets_of"]

CUSTOMERS_A_BUCKET = 10_000
"""At most; as many as a part of a simulated bank has. The rows of a year of them stay below half a gigabyte."""

READ_TABLES = (
    "transactions",
    "customers",
    "accounts",
    "statements",
    "limit_changes",
    "limit_requests",
    "exposures",
    "outcomes",
    "calls",
    "cases",
    "obligations",
    "incomes",
    "instalments",
    "payments",
)
"""The contract tables that features are made of."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The customers from `start` up to, not including, `end`, in the order of their ids.

    The first bucket has no start and the last no end, so that every id has one bucket. `files` holds, for each of
    READ_TABLES, the part files that may hold rows of these customers, at least one.
    """

    number: int
    start: str | None
    end: str | None
    files: dict[str, tuple[Path, ...]]


def buckets_of(bank: Bank) -> list[Bucket]:
    """The buckets of the bank's customers, at least one, in order: the same customers, the same buckets."""
    cut = list(_cut(bank))
    ends = [first for first, _ in cut[1:]]
    return [
        Bucket(number, cut[number][0] if number else None, end, _files(bank, cut[number][1]))
        for number, end in enumerate([*ends, None])
    ]


def _cut(bank: Bank) -> Iterator[tuple[str, int]]:
    """The first customer of each bucket, and the number of the part that the bucket lies in."""
    parts = bank.manifest.tables["customers"].parts
    for part, path in zip(parts, bank.files("customers"), strict=True):
        with pq.ParquetFile(path) as file:
            ids: pa.ChunkedArray = file.read(columns=["customer_id"])["customer_id"]
        for start in range(0, len(ids), CUSTOMERS_A_BUCKET):
            yield ids[start].as_py(), part.number


def _files(bank: Bank, part_number: int) -> dict[str, tuple[Path, ...]]:
    files = {}
    for table in READ_TABLES:
        parts = zip(bank.manifest.tables[table].parts, bank.files(table), strict=True)
        own = tuple(path for part, path in parts if part.number == part_number)
        # Customers without a row of this table have no part of it: any file will do, none of its rows is theirs.
        files[table] = own or bank.files(table)[:1]
    return files
