"""One part of a bank: some of its customers with all their rows, checked and written table by table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from linewise.bank.conforming import conform
from linewise.bank.database import utc_database
from linewise.bank.dictionary import Column, Table, arrow_schema, load_dictionary, required_names
from linewise.bank.manifest import BankLabel, PartFacts
from linewise.bank.part_files import QUARANTINE, part_path, write_part_file
from linewise.bank.problems import Problem, first_rows, refuse
from linewise.bank.rate_facts import rates_in
from linewise.bank.rates import KnownRates, known_rates
from linewise.bank.rules import Rule, rules_of
from linewise.bank.sieve import REASON, Sieve, problems_of, reason_counts
from linewise.core.files import sha256_of

__all__ = ["REFERRED_TO", "Part", "TablePart"]

REFERRED_TO = ("customers", "accounts")
"""The tables whose keys other tables name."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """What one part gave of one table; `facts` is None where no row of it was good, so that no file is."""

    given_rows: int
    facts: PartFacts | None = None
    filled_columns: frozenset[str] = frozenset()
    customers: tuple[str, str] | None = None
    bad_rows: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    shown: Sequence[Mapping[str, object]] = ()
    found: Sequence[tuple[Rule, Problem]] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """The part of one number, to be written below `folder`; `delivered` are the tables that the bank has.

    `rates` (RATES_SCHEMA) are the bank's, or None where they are those among the part's own facts.
    """

    folder: Path
    number: int
    label: BankLabel
    delivered: Collection[str]
    rates: pa.Table | None = None

    def write(self, tables: Mapping[str, pa.Table], advance: Callable[[int], None]) -> dict[str, TablePart]:
        """Check the rows of every table and write the good and the bad ones; `advance` is called once a table.

        Raises DataCheckFailed where columns are missing or of a wrong type.
        """
        given = self._conformed(tables, is_trusted=False)
        known = self._known_rates(given)
        written = {}
        with utc_database() as database:
            for table in load_dictionary().values():
                rows = given.get(table.name, arrow_schema(self._columns(table)).empty_table())
                written[table.name] = self._sift(database, table, rows, known)
                advance(1)
        return written

    def write_trusted(self, tables: Mapping[str, pa.Table], advance: Callable[[int], None]) -> dict[str, TablePart]:
        """Write rows of which only the columns and types are looked at: they are known to be good and sorted."""
        given = self._conformed(tables, is_trusted=True)
        written = {}
        for name, rows in given.items():
            written[name] = self._good(load_dictionary()[name], rows)
            advance(1)
        return written

    def _columns(self, table: Table) -> tuple[Column, ...]:
        return table.columns + self.label.extra_columns.get(table.name, ())

    def _conformed(self, tables: Mapping[str, pa.Table], *, is_trusted: bool) -> dict[str, pa.Table]:
        given, problems = {}, []
        for name, table in load_dictionary().items():
            if name in tables:
                columns = self._columns(table)
                given[name], found = conform(
                    table, columns, tables[name], keeps_dictionaries=is_trusted, takes_floats=not is_trusted
                )
                problems += found
        if problems:
            refuse(problems)
        return given

    def _known_rates(self, given: Mapping[str, pa.Table]) -> KnownRates:
        if self.rates is not None:
            return known_rates(self.rates, self.label.currency)
        if "bank_facts" not in given:
            return KnownRates(self.label.currency)
        return known_rates(rates_in(given["bank_facts"], self.label)[0], self.label.currency)

    def _sift(self, database: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table, known: KnownRates) -> TablePart:
        if rows.num_rows == 0 and table.name not in REFERRED_TO:
            return TablePart(0)
        database.register("given", rows)
        columns = self._columns(table)
        floating = [
            column.name
            for column in columns
            if column.type == "integer" and pa.types.is_floating(rows.schema.field(column.name).type)
        ]
        rules = rules_of(
            table, columns, until=self.label.horizon, delivered=self.delivered, rates=known, floating=floating
        )
        good, bad = Sieve(database, "given", table, columns, rules, floating).parted()
        if table.name in REFERRED_TO:
            # Later tables refer to the rows that were kept: an event of a customer put aside is an orphan.
            database.register(table.name, good.select(table.key))
        written = self._good(table, good)
        if bad.num_rows == 0:
            return written
        write_part_file(bad, part_path(self.folder / QUARANTINE, table.name, self.number), table)
        return TablePart(
            given_rows=rows.num_rows,
            facts=written.facts,
            filled_columns=written.filled_columns,
            customers=written.customers,
            bad_rows=bad.num_rows,
            reasons=reason_counts(bad),
            shown=first_rows(bad, [*table.key, REASON]),
            found=[(rule, problem) for rule, problem in problems_of(bad, table, rules) if problem.count],
        )

    def _good(self, table: Table, rows: pa.Table) -> TablePart:
        if rows.num_rows == 0:
            return TablePart(0)
        path = part_path(self.folder, table.name, self.number)
        write_part_file(rows, path, table, required=required_names(self._columns(table)))
        ends = rows["customer_id"] if table.name == "customers" else None
        return TablePart(
            given_rows=rows.num_rows,
            facts=PartFacts(number=self.number, rows=rows.num_rows, sha256=sha256_of(path)),
            filled_columns=frozenset(name for name in rows.column_names if rows[name].null_count < rows.num_rows),
            customers=None if ends is None else (ends[0].as_py(), ends[-1].as_py()),
        )
