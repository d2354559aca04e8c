"""Questions to the contract tables in SQL, and the columns of the answers as arrays."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linewise.bank.database import utc_database
from linewise.bank.tables import Bank

__all__ = ["floats", "integers", "moments", "paths_of", "query", "texts"]


def query(sql: str, tables: Mapping[str, pa.Table], values: Mapping[str, object]) -> pa.Table:
    """The rows that the SELECT gives over tables by name and values by `$name`, in UTC."""
    with utc_database() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql, params=dict(values)).to_arrow_table()


def paths_of(bank: Bank, table: str) -> list[str]:
    """The files of a contract table as `read_parquet` takes them."""
    return [str(path) for path in bank.files(table)]


def moments(rows: pa.Table, name: str = "as_of") -> npt.NDArray[np.datetime64]:
    """A column of moments, datetime64[us] in UTC."""
    column = rows[name].cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
    return np.asarray(column.to_numpy(), dtype="datetime64[us]")


def integers(rows: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """A column of whole numbers, none missing."""
    return np.asarray(rows[name].to_numpy(), dtype=np.int64)


def floats(rows: pa.Table, name: str) -> npt.NDArray[np.float64]:
    """A column of numbers, NaN where missing."""
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)


def texts(rows: pa.Table, name: str) -> tuple[str, ...]:
    """A column of texts."""
    return tuple(rows[name].to_pylist())
