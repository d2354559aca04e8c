"""The check of a loaded bank: table by table and rule by rule, counts and first bad rows."""

from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field

from linewise.bank.conforming import conform
from linewise.bank.database import utc_database
from linewise.bank.dictionary import load_dictionary
from linewise.bank.manifest import TableFacts
from linewise.bank.problems import Problem
from linewise.bank.rules import rules_of
from linewise.bank.sieve import Sieve, problems_of
from linewise.bank.tables import Bank, open_bank
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
    """The whole bank. Rows put aside at the import do not make it unclean; they are counted beside."""

    model_config = ConfigDict(frozen=True)

    name: str
    currency: str
    is_clean: bool
    absent: tuple[str, ...]
    tables: dict[str, TableReport]

    def findings(self) -> list[RuleResult]:
        """The rules that found something, in the order of the tables."""
        return [rule for table in self.tables.values() for rule in table.rules if rule.bad_rows]


def check_bank(home: Home) -> CheckReport:
    """Ask every rule of the dictionary again of the tables as they lie in the home.

    Finds too what happened to the files since: missing, unreadable, other bytes than were written.
    Raises BankMissing where no bank is loaded.
    """
    bank = open_bank(home)
    facts = bank.manifest.tables
    readable: set[str] = set()
    with utc_database() as database:
        tables = {name: _check(database, bank, name, facts[name], readable) for name in load_dictionary()}
    return CheckReport(
        name=bank.manifest.name,
        currency=bank.manifest.currency,
        is_clean=all(table.is_clean for table in tables.values()),
        absent=tuple(name for name in facts if not bank.has(name)),
        tables=tables,
    )


def _check(
    database: duckdb.DuckDBPyConnection, bank: Bank, name: str, facts: TableFacts, readable: set[str]
) -> TableReport:
    table, columns = load_dictionary()[name], bank.columns(name)
    rows, rules = facts.rows, []
    try:
        with pq.ParquetFile(bank.path(name)) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (OSError, pa.ArrowInvalid) as err:
        rules = [
            RuleResult(rule_id=f"{name}.file", column="*", says=f"cannot be read ({err})", bad_rows=facts.rows or 1)
        ]
    else:
        _, wrong = conform(table, columns, schema.empty_table())
        rules = [_result(f"{name}.{one.column}.type", one, bad_rows=rows or 1) for one in wrong]
        if not wrong:
            database.read_parquet(str(bank.path(name))).create_view(name)
            # Only a table that is delivered and readable can be referred to by the next ones.
            readable |= {name} if bank.has(name) else set()
            asked = rules_of(table, columns, until=bank.manifest.horizon, delivered=readable)
            bad = Sieve(database, name, table, columns, asked).bad()
            rules = [_result(rule.rule_id, one, one.count) for rule, one in problems_of(bad, table, asked)]
        changed = 0 if sha256_of(bank.path(name)) == facts.sha256 else max(rows, 1)
        rules.append(
            RuleResult(rule_id=f"{name}.bytes", column="*", says="other bytes than were imported", bad_rows=changed)
        )
    return TableReport(
        rows=rows,
        is_absent=facts.is_absent,
        quarantined_rows=facts.quarantined_rows,
        quarantine_reasons=facts.quarantine_reasons,
        filled_columns=facts.filled_columns,
        rules=rules,
    )


def _result(rule_id: str, problem: Problem, bad_rows: int) -> RuleResult:
    shown = [dict(row) for row in problem.first_rows]
    return RuleResult(rule_id=rule_id, column=problem.column, says=problem.what, bad_rows=bad_rows, first_rows=shown)
