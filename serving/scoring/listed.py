"""A list of customers that somebody gives: read in pieces, every one of them a customer of the bank, and once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from linewise.bank.database import utc_database
from linewise.bank.given_files import given_columns, given_source
from linewise.core.errors import DataCheckFailed

__all__ = ["FAULTS", "CustomerList", "Fault", "customers_listed"]

CUSTOMER = "customer_id"
SHOWN_ROWS = 3

FAULTS = {
    "no_customer": "name no customer",
    "unknown_customer": "name nobody of this bank",
    "repeated": "name a customer again",
}
"""What may be wrong with a row, in the order in which it is asked, and as a sentence on rows."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows of one fault: how many, and the first of them, numbered from 1 without the header."""

    reason: str
    row_count: int
    first_rows: tuple[int, ...]

    @property
    def says(self) -> str:
        """It in words."""
        first = ", ".join(map(str, self.first_rows))
        more = " and more" if self.row_count > len(self.first_rows) else ""
        return f"{self.row_count:,} rows {FAULTS[self.reason]} (row {first}{more})"


class CustomerList:
    """The customers of a file in its order, each once; `faults` are the rows that are left out."""

    def __init__(self, database: duckdb.DuckDBPyConnection, count: int, faults: Sequence[Fault]) -> None:
        self._database, self._count, self.faults = database, count, tuple(faults)

    def __len__(self) -> int:
        return self._count

    def in_chunks(self, size: int) -> Iterator[list[str]]:
        """Their ids, so many at a time."""
        rows = self._database.execute("SELECT customer_id FROM kept ORDER BY row_number")
        while chunk := rows.fetchmany(size):
            yield [str(customer_id) for (customer_id,) in chunk]


@contextmanager
def customers_listed(path: Path, known: Sequence[str], *, skips_faulty: bool = False) -> Iterator[CustomerList]:
    """The list in the column `customer_id` of a CSV or Parquet file; `known` are the customers of the bank.

    A file may be larger than memory: no more of it is kept than the bank has customers. Raises DataCheckFailed for
    a file that cannot be read as such, that names nobody, and, unless it `skips_faulty`, for one with faulty rows.
    """
    source = given_source(path, "customers")
    with utc_database() as database:
        given_columns(database, path, source, (CUSTOMER,))
        database.register("known", pa.table({CUSTOMER: list(known)}))
        database.execute(
            f"CREATE TEMP VIEW given AS SELECT row_number() OVER () AS row_number, "  # noqa: S608
            f"nullif(trim(customer_id::VARCHAR), '') AS customer_id FROM {source}"
        )
        database.execute(
            "CREATE TEMP TABLE kept AS SELECT customer_id, min(row_number) AS row_number, count(*) AS row_count, "  # noqa: S608
            f"min(row_number, {SHOWN_ROWS + 1}) AS first_rows FROM given JOIN known USING (customer_id) GROUP BY ALL"
        )
        ((count,),) = database.execute("SELECT count(*) FROM kept").fetchall()
        faults = _faults(database)
        if not count or (faults and not skips_faulty):
            raise _refused(path, int(count), faults)
        yield CustomerList(database, int(count), faults)


def _faults(database: duckdb.DuckDBPyConnection) -> list[Fault]:
    # A customer's first row counts; the others repeat it.
    rows = database.execute(
        f"""
        SELECT CASE WHEN customer_id IS NULL THEN 'no_customer' ELSE 'unknown_customer' END AS reason, count(*),
               min(row_number, {SHOWN_ROWS}) FROM given ANTI JOIN known USING (customer_id) GROUP BY reason
        UNION ALL
        SELECT 'repeated', sum(row_count - 1), list_sort(flatten(list(first_rows[2:])))[:{SHOWN_ROWS}]
        FROM kept WHERE row_count > 1 HAVING count(*) > 0
        """  # noqa: S608  our own names; what the file says stays data
    ).fetchall()
    found = {str(reason): Fault(str(reason), int(count), tuple(first)) for reason, count, first in rows}
    return [found[reason] for reason in FAULTS if reason in found]


def _refused(path: Path, count: int, faults: Sequence[Fault]) -> DataCheckFailed:
    expected = "A customer of this bank in every row was expected, and each of them once."
    if not faults:
        return DataCheckFailed(f"{path} names no customer: it has no rows.", expected)
    told = f"{path}: {'; '.join(fault.says for fault in faults)}."
    if not count:
        return DataCheckFailed(
            told, expected, "See whether it is a list of another bank, or names customers otherwise."
        )
    return DataCheckFailed(told, expected, "Mend the list, or leave those rows out with --skip-faulty.")
