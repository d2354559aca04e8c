"""The rows that were put aside at the import, with the reasons, for the person who mends them."""

import math
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from linewise.bank.dictionary import Table, load_dictionary
from linewise.bank.sieve import REASON, reason_counts, reasons_in
from linewise.bank.tables import Bank
from linewise.core.errors import NotFound

__all__ = ["QuarantinedRow", "QuarantinedTable", "quarantined"]


class QuarantinedRow(BaseModel):
    """One row as it was delivered; `at_fault` are the values that its reasons speak of."""

    model_config = ConfigDict(frozen=True)

    reasons: tuple[str, ...]
    at_fault: dict[str, Any]
    values: dict[str, Any]


class QuarantinedTable(BaseModel):
    """The rows of one table that were put aside for the reasons asked for, and the first of them."""

    model_config = ConfigDict(frozen=True)

    table: str
    key: tuple[str, ...]
    rows: int
    reasons: dict[str, int]
    first_rows: tuple[QuarantinedRow, ...]


def quarantined(
    bank: Bank, table: str | None = None, *, reason: str | None = None, limit: int = 20
) -> list[QuarantinedTable]:
    """The tables with rows put aside, or that table alone, in the order of the contract.

    `reason` keeps the rows with a reason in which these words stand; `limit` is how many rows of each table come
    along, in the order of customer and time. A row may have several reasons and is counted under each of them.

    Raises UsageError for a table that the contract has not, and NotFound where no row has such a reason.
    """
    names = list(load_dictionary()) if table is None else [table]
    found = [one for name in names for one in _of_table(bank, name, reason, limit)]
    if reason is not None and not found:
        _refuse_reason(bank, names, reason)
    return found


def _of_table(bank: Bank, name: str, reason: str | None, limit: int) -> Iterator[QuarantinedTable]:
    files = bank.quarantine_files(name)
    if not files:
        return
    # A column of integers stands as floating-point numbers in the part that was delivered so.
    parts = [pq.ParquetFile(path).read() for path in files]
    rows = pa.concat_tables(parts, promote_options="permissive")
    if reason is not None:
        rows = rows.filter(pc.match_substring(rows[REASON], reason, ignore_case=True))
    if not rows.num_rows:
        return
    table = load_dictionary()[name]
    yield QuarantinedTable(
        table=name,
        key=table.key,
        rows=rows.num_rows,
        reasons=reason_counts(rows),
        first_rows=tuple(_row(table, values) for values in rows.slice(0, limit).to_pylist()),
    )


def _row(table: Table, values: dict[str, Any]) -> QuarantinedRow:
    reasons = reasons_in(values.pop(REASON))
    told = {name: _as_json(value) for name, value in values.items()}
    # Every reason begins with the name of a column.
    columns = dict.fromkeys(reason.split(" ", 1)[0] for reason in reasons)
    return QuarantinedRow(reasons=reasons, at_fault={name: told[name] for name in columns}, values=told)


def _as_json(value: Any) -> Any:
    """The value as JSON can say it, which has no word for what is no number."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _refuse_reason(bank: Bank, names: list[str], reason: str) -> None:
    known = sorted({told for name in names for told in bank.manifest.tables[name].quarantine_reasons})
    raise NotFound(
        f"No row was put aside for a reason with {reason!r} in it.",
        f"There are: {', '.join(known)}." if known else "No row was put aside at all.",
    )
