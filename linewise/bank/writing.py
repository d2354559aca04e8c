"""The one door into a home's bank: rows are checked, bad ones put aside, and all tables written whole."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from babel.numbers import list_currencies

from linewise.bank.conforming import conform
from linewise.bank.database import utc_database
from linewise.bank.dictionary import Column, arrow_schema, load_dictionary
from linewise.bank.manifest import BankLabel, BankManifest, Clock, TableFacts, contract_hash, data_hash
from linewise.bank.problems import Problem, first_rows, refuse
from linewise.bank.rules import rules_of
from linewise.bank.sieve import REASON, Sieve, problems_of, reason_counts
from linewise.bank.tables import MANIFEST_NAME, Bank
from linewise.core.clock import as_utc
from linewise.core.errors import MappingInvalid
from linewise.core.files import folder_written_whole, sha256_of
from linewise.core.home import Home

__all__ = ["QUARANTINE_LIMIT_RATIO", "write_bank"]

QUARANTINE_LIMIT_RATIO = 0.01
"""Above this share of bad rows it is the extract that is wrong, not a row here and there."""

ROWS_A_GROUP = 131_072


def write_bank(  # noqa: PLR0913  one keyword for each line of the manifest
    home: Home,
    name: str,
    tables: Mapping[str, pa.Table],
    *,
    clock: Clock,
    currency: str,
    data_until: datetime | None,
    declared_absent: Collection[str] = (),
    imported_at: datetime | None = None,
    mapping_version: str = "1",
    extra_columns: Mapping[str, tuple[Column, ...]] | None = None,
    advance: Callable[[int], None] = lambda steps: None,
) -> Bank:
    """Check the tables against the dictionary and make them the bank of this home.

    `tables` holds every contract table that is not declared absent, each with all columns of the
    contract (nullable ones may be all null) and those that `extra_columns` adds to it. `imported_at`
    is the wall clock where not given; `advance` is called once a table. The former bank stays, byte
    for byte, unless everything holds.

    Raises MappingInvalid where a table is unknown, or neither delivered nor declared absent, and
    DataCheckFailed where columns are missing or of a wrong type, keys of customers or accounts are
    missing or occur twice, or more than 1% of a table's rows are bad.
    """
    _refuse_wrong_words(tables, declared_absent, clock, currency, data_until)
    extra = dict(extra_columns or {})
    given, columns = _conformed(tables, extra)
    label = BankLabel(
        name=name,
        mapping_version=mapping_version,
        currency=currency,
        clock=clock,
        data_until=None if data_until is None else as_utc(data_until),
        imported_at=as_utc(imported_at or datetime.now(UTC)),
        extra_columns=extra,
    )
    with folder_written_whole(home.bank_dir) as draft, utc_database() as database:
        facts: dict[str, TableFacts] = {}
        problems: list[Problem] = []
        for table in load_dictionary().values():
            rows = given.get(table.name, arrow_schema(columns[table.name]).empty_table())
            database.register("given", rows)
            rules = rules_of(table, columns[table.name], until=label.horizon, delivered=given)
            sieve = Sieve(database, "given", table, columns[table.name], rules)
            facts[table.name], wrong = _write_table(draft, sieve, is_absent=table.name not in given)
            problems += wrong
            _lay_out(database, draft, table.name)
            advance(1)
        if problems:
            refuse(problems)
        manifest = BankManifest(**dict(label), tables=facts, contract_hash=contract_hash(), data_hash=data_hash(facts))
        (draft / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return Bank(home)


def _refuse_wrong_words(
    tables: Mapping[str, pa.Table],
    declared_absent: Collection[str],
    clock: Clock,
    currency: str,
    data_until: datetime | None,
) -> None:
    dictionary = load_dictionary()
    if unknown := sorted({*tables, *declared_absent} - set(dictionary)):
        raise MappingInvalid(
            f"No contract table is called {', '.join(unknown)}.", f"There are: {', '.join(dictionary)}."
        )
    if both := sorted(set(tables) & set(declared_absent)):
        raise MappingInvalid(
            f"Delivered and declared absent at once: {', '.join(both)}.", "One of the two was expected."
        )
    required = [table.name for table in dictionary.values() if table.is_required]
    if silent := [table for table in dictionary if table not in tables and table not in declared_absent] + [
        table for table in required if table in declared_absent
    ]:
        raise MappingInvalid(
            f"Neither delivered nor declared absent: {', '.join(silent)}.",
            f"Every contract table is one or the other; {', '.join(required)} must be delivered.",
            "Add the table's SQL, or name it under declared_absent.",
        )
    if currency not in list_currencies():
        raise MappingInvalid(f"{currency!r} is no currency.", "A code of ISO 4217, such as CNY, was expected.")
    if clock == "data_end" and data_until is None:
        raise MappingInvalid("The clock stands at the end of the data, and data_until is missing.")


def _conformed(
    tables: Mapping[str, pa.Table], extra: Mapping[str, tuple[Column, ...]]
) -> tuple[dict[str, pa.Table], dict[str, tuple[Column, ...]]]:
    """The tables in the contract's columns and types; refuses where one of them cannot be."""
    given, problems = {}, []
    columns = {name: table.columns + extra.get(name, ()) for name, table in load_dictionary().items()}
    for name, table in load_dictionary().items():
        if name in tables:
            given[name], found = conform(table, columns[name], tables[name])
            problems += found
            if table.is_required and tables[name].num_rows == 0:
                problems.append(Problem(name, table.key[0], "the table is empty, and a bank has customers", 0))
    if problems:
        refuse(problems)
    return given, columns


def _write_table(draft: Path, sieve: Sieve, *, is_absent: bool) -> tuple[TableFacts, list[Problem]]:
    table, rows, bad, good = sieve.table, sieve.rows, sieve.bad(), sieve.good()
    path = draft / f"{table.name}.parquet"
    _write(good, path)
    if bad.num_rows:
        _write(bad, draft / "quarantine" / path.name)
    facts = TableFacts(
        rows=good.num_rows,
        is_absent=is_absent,
        quarantined_rows=bad.num_rows,
        quarantine_reasons=reason_counts(bad),
        filled_columns=tuple(name for name in good.column_names if good[name].null_count < good.num_rows),
        sha256=sha256_of(path),
    )
    return facts, _refusals(bad, rows, sieve)


def _refusals(bad: pa.Table, rows: int, sieve: Sieve) -> list[Problem]:
    found = [(rule, problem) for rule, problem in problems_of(bad, sieve.table, sieve.rules) if problem.count]
    if rows and bad.num_rows / rows > QUARANTINE_LIMIT_RATIO:
        share = f"{bad.num_rows:,} of {rows:,} rows are bad, more than the 1% that is put aside"
        shown = first_rows(bad, [*sieve.table.key, REASON])
        total = Problem(sieve.table.name, "*", share, bad.num_rows, shown)
        return [total, *(problem for _, problem in found)]
    return [problem for rule, problem in found if rule.refuses]


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    pq.write_table(table, path, compression="zstd", row_group_size=ROWS_A_GROUP)


def _lay_out(database: duckdb.DuckDBPyConnection, draft: Path, table: str) -> None:
    # Later tables refer to the rows that were kept: an event of a customer put aside is an orphan.
    if table in ("customers", "accounts"):
        with pq.ParquetFile(draft / f"{table}.parquet") as file:
            database.register(table, file.read(columns=list(load_dictionary()[table].key)))
