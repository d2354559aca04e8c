"""CSV as gateways and spreadsheets read it: UTF-8, quoted, and no cell that a spreadsheet takes for a formula."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

__all__ = ["TableWriter", "csv_writer", "safe_cells"]

BOM = b"\xef\xbb\xbf"
"""By which older spreadsheets know UTF-8."""

FORMULA = r"^[\x00-\x20\x7f-\x{a0}\p{Z}\p{Cf}]*[=+\-@|%＝＋－＠]|^[\t\r\n]"
"""How cells begin that a spreadsheet would run (OWASP, CSV injection): behind what is not seen, full width too."""


class TableWriter(Protocol):
    """Whatever takes one table after the other."""

    def write_table(self, table: pa.Table) -> None:
        """Write the rows behind those that are there."""


def safe_cells(table: pa.Table) -> pa.Table:
    """The table as text where it is text or time: formulas behind an apostrophe, moments as ISO 8601 in UTC."""
    columns = {name: _safe(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    return pa.table(columns)


def _safe(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        plain = column.cast(pa.timestamp("s", column.type.tz), safe=False).cast(pa.timestamp("s")).cast(pa.string())
        return pc.binary_join_element_wise(pc.replace_substring(plain, " ", "T", max_replacements=1), "Z", "")
    if not pa.types.is_string(column.type):
        return column
    is_formula = pc.fill_null(pc.match_substring_regex(column, FORMULA), False)
    if not pc.any(is_formula).as_py():
        return column
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", column, ""), column)


@contextmanager
def csv_writer(path: Path, schema: pa.Schema, *, has_bom: bool) -> Iterator[TableWriter]:
    """Writes tables of that schema into a CSV with a header, which stands there even if no row comes."""
    written = safe_cells(schema.empty_table()).schema
    with path.open("wb") as file:
        if has_bom:
            file.write(BOM)
        with csv.CSVWriter(file, written) as lines:
            yield _SafeLines(lines)


class _SafeLines:
    def __init__(self, lines: csv.CSVWriter) -> None:
        self._lines = lines

    def write_table(self, table: pa.Table) -> None:
        self._lines.write_table(safe_cells(table))
