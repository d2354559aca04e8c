"""The check of a loaded bank: part by part and rule by rule, counts and first bad rows of every table."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field

from linewise.bank.conforming import conform
from linewise.bank.database import utc_database
from linewise.bank.dictionary import Table, load_dictionary
from linewise.bank.manifest import PartFacts
from linewise.bank.oddities import Oddity, count_oddities
from linewise.bank.part_files import files_in, part_path
from linewise.bank.parts import REFERRED_TO
from linewise.bank.problems import FIRST_ROWS, Problem
from linewise.bank.rates import KnownRates, bank_rates, known_rates
from linewise.bank.rules import rules_of
from linewise.bank.sieve import Sieve, problems_of
from linewise.bank.tables import Bank, open_bank
from linewise.bank.twins import find_twins
from linewise.core.files import sha256_of
from linewise.core.home import Home

__all__ = ["CheckReport", "RuleResult", "TableReport", "check_bank"]


class RuleResult(BaseModel):
    """One rule on one table; `first_rows` hold the key and the value at fault."""

    model_config = ConfigDict(frozen=True)

    rule_id: str
    column: str
    says: str
    bad_rows: int
    first_rows: list[dict[str, Any]] = Field(default_factory=list)


class TableReport(BaseModel):
    """One contract table as it lies there now, beside what was written."""

    model_config = ConfigDict(frozen=True)

    rows: int
    is_absent: bool
    quarantined_rows: int
    quarantine_reasons: dict[str, int]
    filled_columns: tuple[str, ...]
    rules: list[RuleResult]

    @property
    def is_clean(self) -> bool:
        """Whether no rule found anything."""
        return not any(rule.bad_rows for rule in self.rules)


class CheckReport(BaseModel):
    """The whole bank. Neither rows put aside at the import nor oddities make it unclean; they are counted beside."""

    model_config = ConfigDict(frozen=True)

    name: str
    currency: str
    is_clean: bool
    absent: tuple[str, ...]
    tables: dict[str, TableReport]
    oddities: list[Oddity]

    def findings(self) -> list[RuleResult]:
        """The rules that found something, in the order of the tables."""
        return [rule for table in self.tables.values() for rule in table.rules if rule.bad_rows]


def check_bank(home: Home) -> CheckReport:
    """Ask every rule of the dictionary again of the tables as they lie in the home.

    Finds too what happened to the files since: missing, unreadable, other bytes than were written, more
    of them than were written. One part is looked at after the other, so that memory does not grow with
    the bank. Raises BankMissing where no bank is loaded.
    """
    bank = open_bank(home)
    facts = bank.manifest.tables
    tallies = {name: _Tally(table) for name, table in load_dictionary().items()}
    rates = _rates(bank)
    for number in sorted({part.number for table in facts.values() for part in table.parts}):
        _check_part(bank, number, tallies, rates)
    for tally in tallies.values():
        tally.add(_check_whole(bank, tally))
    tables = {
        name: TableReport(
            rows=tally.rows,
            is_absent=facts[name].is_absent,
            quarantined_rows=facts[name].quarantined_rows,
            quarantine_reasons=facts[name].quarantine_reasons,
            filled_columns=facts[name].filled_columns,
            rules=list(tally.results.values()),
        )
        for name, tally in tallies.items()
    }
    return CheckReport(
        name=bank.manifest.name,
        currency=bank.manifest.currency,
        is_clean=all(table.is_clean for table in tables.values()),
        absent=tuple(name for name in facts if not bank.has(name)),
        tables=tables,
        oddities=count_oddities(bank, {name: tally.sound for name, tally in tallies.items() if bank.has(name)}),
    )


class _Tally:
    """What was found of one table in the parts so far; `sound` are those that have the contract's columns."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = 0
        self.sound: list[Path] = []
        self.results: dict[str, RuleResult] = {}

    def add(self, found: Iterable[RuleResult]) -> None:
        """Add what one part shows to what those before it showed by the same rule."""
        for one in found:
            known = self.results.get(one.rule_id, one.model_copy(update={"bad_rows": 0, "first_rows": []}))
            rows = [*known.first_rows, *one.first_rows][:FIRST_ROWS]
            self.results[one.rule_id] = known.model_copy(
                update={"bad_rows": known.bad_rows + one.bad_rows, "first_rows": rows}
            )


def _rates(bank: Bank) -> KnownRates | None:
    """The bank's exchange rates; None where its facts cannot be read, which is found with their file."""
    try:
        return known_rates(bank_rates(bank), bank.manifest.currency)
    except (OSError, pa.ArrowException, KeyError):
        return None


def _check_part(bank: Bank, number: int, tallies: Mapping[str, _Tally], rates: KnownRates | None) -> None:
    """Ask every rule of the tables in the part of that number, whose rows refer to rows of this part alone."""
    readable: set[str] = set()
    with utc_database() as database:
        for name, tally in tallies.items():
            facts = next((part for part in bank.manifest.tables[name].parts if part.number == number), None)
            if facts is not None:
                is_sound = _check_file(database, bank, facts, tally, readable, rates)
            else:
                is_sound = name in REFERRED_TO
                database.register(name, tally.table.arrow_schema.empty_table())
            # Only a table that is delivered and readable can be referred to by the next ones.
            readable |= {name} if is_sound and bank.has(name) else set()


def _check_file(
    database: duckdb.DuckDBPyConnection,
    bank: Bank,
    facts: PartFacts,
    tally: _Tally,
    readable: Collection[str],
    rates: KnownRates | None,
) -> bool:
    """Add to the tally what is found in the file; whether it can be read and has the contract's columns."""
    table, columns = tally.table, bank.columns(tally.table.name)
    path = part_path(bank.home.bank_dir, table.name, facts.number)
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
        _, wrong = conform(table, columns, schema.empty_table())
        asked = rules_of(table, columns, until=bank.manifest.horizon, delivered=readable, rates=rates)
        if not wrong:
            database.read_parquet(str(path)).create_view(table.name)
            bad = Sieve(database, table.name, table, columns, asked).bad()
    except (OSError, pa.ArrowInvalid, duckdb.Error) as err:
        tally.rows += facts.rows
        tally.add([_of_file(table, "file", f"cannot be read ({err})", path, facts.rows or 1)])
        return False
    tally.rows += rows
    if wrong:
        tally.add(_result(f"{table.name}.{one.column}.type", one, rows or 1) for one in wrong)
    else:
        tally.sound.append(path)
        tally.add(_result(rule.rule_id, one, one.count) for rule, one in problems_of(bad, table, asked))
    changed = 0 if sha256_of(path) == facts.sha256 else max(rows, 1)
    tally.add([_of_file(table, "bytes", "other bytes than were imported", path, changed)])
    return not wrong


def _check_whole(bank: Bank, tally: _Tally) -> Iterator[RuleResult]:
    """What no part shows alone: keys that stand in two of them, files that are none of them, and rows put aside."""
    if twins := find_twins(tally.table, tally.sound, tally.rows):
        yield _result(f"{tally.table.name}.{twins.column}.duplicate", twins, twins.count)
    ours = bank.files(tally.table.name)
    for path in files_in(bank.home.bank_dir / tally.table.name):
        if path not in ours:
            yield _of_file(tally.table, "extra", "is no file of this bank", path, 1)
    yield _of_quarantine(bank, tally.table)


def _of_quarantine(bank: Bank, table: Table) -> RuleResult:
    put_aside, lying = bank.manifest.tables[table.name].quarantined_rows, 0
    for path in bank.quarantine_files(table.name):
        try:
            lying += pq.read_metadata(path).num_rows
        except (OSError, pa.ArrowInvalid):
            continue
    return RuleResult(
        rule_id=f"{table.name}.quarantine",
        column="*",
        says=f"{put_aside:,} rows were put aside at the import, and {lying:,} can be read",
        bad_rows=abs(put_aside - lying),
    )


def _of_file(table: Table, kind: str, says: str, path: Path, bad_rows: int) -> RuleResult:
    shown = [{"file": path.name}] if bad_rows else []
    return RuleResult(rule_id=f"{table.name}.{kind}", column="*", says=says, bad_rows=bad_rows, first_rows=shown)


def _result(rule_id: str, problem: Problem, bad_rows: int) -> RuleResult:
    shown = [dict(row) for row in problem.first_rows]
    return RuleResult(rule_id=rule_id, column=problem.column, says=problem.what, bad_rows=bad_rows, first_rows=shown)
