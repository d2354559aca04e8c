"""The loaded bank: its contract tables, what it delivers, and what time it is for it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from linewise.bank.dictionary import Column, load_dictionary
from linewise.bank.manifest import BankManifest, contract_hash
from linewise.bank.part_files import QUARANTINE, files_in, part_path
from linewise.core.clock import BankClock
from linewise.core.errors import BankMissing, NotReady, UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings

__all__ = ["MANIFEST_NAME", "Bank", "groups_among", "open_bank"]

MANIFEST_NAME = "bank.json"


class Bank:
    """The one bank of a home. Every contract table is there, empty where the bank declares it absent."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.manifest = _read_manifest(home)

    def files(self, table: str) -> tuple[Path, ...]:
        """The Parquet files of a contract table, at least one; read in this order its rows are sorted.

        Raises UsageError for a name that the contract has not.
        """
        parts = self.manifest.tables[_known(table)].parts
        return tuple(part_path(self.home.bank_dir, table, part.number) for part in parts)

    def quarantine_files(self, table: str) -> tuple[Path, ...]:
        """The rows of a table that were put aside, with their reasons; no files where there are none."""
        return files_in(self.home.bank_dir / QUARANTINE / _known(table))

    def has(self, table: str) -> bool:
        """Whether the bank delivers the table, be it with no rows; False where it declares it absent."""
        return not self.manifest.tables[_known(table)].is_absent

    @property
    def absent_tables(self) -> frozenset[str]:
        """The tables that the bank declares absent."""
        return frozenset(name for name in load_dictionary() if not self.has(name))

    def has_values(self, table: str, column: str) -> bool:
        """Whether at least one row of the table holds a value in the column."""
        return column in self.manifest.tables[_known(table)].filled_columns

    def columns(self, table: str) -> tuple[Column, ...]:
        """The table's columns, those of the contract and then those that the mapping adds (`x_…`)."""
        return load_dictionary()[_known(table)].columns + self.manifest.extra_columns.get(table, ())

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        among: tuple[str, str] | None = None,
        coded: Sequence[str] = (),
    ) -> pa.Table:
        """The table's rows, sorted by customer, event time and key.

        among: only of the customers from the first of these ids to the last, both included; of a table by customers,
        and with `customer_id` among the columns. coded: columns of words that come as dictionaries, which is how they
        lie in the file; the words are those of a file, whether a row of these customers holds them or not.
        """
        wanted = None if columns is None else list(columns)
        if among is None:
            return pa.concat_tables([_read(path, wanted, coded) for path in self.files(table)])
        return pa.concat_tables([_read_among(path, wanted, coded, among) for path in self.files_among(table, among)])

    def last_ids(self) -> tuple[str, ...]:
        """The last customer of each part, in order of id: tables are read by parts, and best cut where these end."""
        return tuple(sorted(most for _, most in self._part_customers.values()))

    def files_among(self, table: str, among: tuple[str, str]) -> tuple[Path, ...]:
        """Those of the table's files that may hold rows of the customers from the first of these ids to the last.

        At least one, so that the columns are known where nobody is among them.
        """
        first, last = among
        numbers = {number for number, (least, most) in self._part_customers.items() if least <= last and first <= most}
        parts = self.manifest.tables[_known(table)].parts
        there = [part.number for part in parts if part.number in numbers] or [parts[0].number]
        return tuple(part_path(self.home.bank_dir, table, number) for number in there)

    @cached_property
    def _part_customers(self) -> dict[int, tuple[str, str]]:
        """Part number to its first and last customer: the parts of one number tell of the same ones in every table."""
        found = {}
        for part in self.manifest.tables["customers"].parts:
            ids = _read(part_path(self.home.bank_dir, "customers", part.number), ["customer_id"], ())["customer_id"]
            ends = pc.min_max(ids).as_py()
            if ends["min"] is not None:
                found[part.number] = (ends["min"], ends["max"])
        return found

    def clock(self, settings: Settings) -> BankClock:
        """The bank's clock: at the end of the data where the mapping says so and the settings allow it."""
        return settings.bank_clock(self.manifest.data_until if self.manifest.clock == "data_end" else None)


def open_bank(home: Home) -> Bank:
    """The bank of this home.

    Raises BankMissing where none is loaded, and NotReady where it was loaded for another contract.
    """
    return Bank(home)


def _read_manifest(home: Home) -> BankManifest:
    path = home.bank_dir / MANIFEST_NAME
    if not path.is_file():
        raise BankMissing(str(home.root))
    try:
        manifest = BankManifest.model_validate_json(path.read_bytes())
    except ValidationError as err:
        raise _outdated(path) from err
    if manifest.contract_hash != contract_hash():
        raise _outdated(path)
    return manifest


def _read(path: Path, columns: list[str] | None, coded: Sequence[str]) -> pa.Table:
    with pq.ParquetFile(path, read_dictionary=list(coded)) as file:
        return file.read(columns=columns)


def _read_among(path: Path, columns: list[str] | None, coded: Sequence[str], among: tuple[str, str]) -> pa.Table:
    first, last = among
    with pq.ParquetFile(path, read_dictionary=list(coded)) as file:
        # Of a few columns of a frame of customers: to share them out over threads takes as long as to read them.
        rows = file.read_row_groups(groups_among(file, among), columns=columns, use_threads=False)
    ids, places = rows["customer_id"], range(rows.num_rows)

    def id_at(place: int) -> str:
        return str(ids[place].as_py())

    # The rows lie in order of customer: these are neighbours, and nothing has to be copied.
    begin = bisect_left(places, first, key=id_at)
    return rows.slice(begin, bisect_right(places, last, key=id_at) - begin)


def groups_among(file: pq.ParquetFile, among: tuple[str, str]) -> list[int]:
    """Those of a file's groups of rows that may hold rows of the customers from the first of these ids to the last."""
    place = file.schema_arrow.get_field_index("customer_id")
    columns = (file.metadata.row_group(number).column(place) for number in range(file.num_row_groups))
    return [number for number, column in enumerate(columns) if _may_hold(column, *among)]


def _may_hold(column: pq.ColumnChunkMetaData, first: str, last: str) -> bool:
    ends = column.statistics
    return ends is None or not ends.has_min_max or (ends.min <= last and first <= ends.max)


def _outdated(path: Path) -> NotReady:
    return NotReady(
        f"{path} was written by a version of Linewise with other contract tables or another layout of files.",
        "Tables and columns as in docs/contract-tables.md were expected.",
        "Run: linewise bank import NAME_OR_FOLDER --source DIR",
    )


def _known(table: str) -> str:
    if table not in load_dictionary():
        raise UsageError(f"There is no contract table {table!r}.", f"There are: {', '.join(load_dictionary())}.")
    return table
