"""What is odd in a loaded bank and yet valid: kept by the door, and counted here so that somebody looks at it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from linewise.bank.clock_changes import clock_changes
from linewise.bank.database import literal, moment_literal, name_quoted, utc_database
from linewise.bank.dictionary import load_dictionary
from linewise.bank.problems import FIRST_ROWS
from linewise.bank.tables import Bank

__all__ = ["KNOWN_CATEGORIES", "KNOWN_MCC_BLOCKS", "Oddity", "count_oddities"]

KNOWN_CATEGORIES = ("benefit", "card", "household", "insurance", "leasing", "loan", "pension", "salary")
"""The purposes of a posting that anything in Linewise has an opinion on; others count in totals alone."""

KNOWN_MCC_BLOCKS = (
    ("0742", "0780"),  # agricultural services
    ("1520", "1799"),  # contractors
    ("2741", "2842"),  # publishing, printing, cleaning
    ("3000", "3999"),  # airlines, car hire, lodging, each company with its own
    ("4011", "4900"),  # transport, telecommunications, utilities
    ("5013", "5999"),  # wholesale and retail
    ("6010", "6540"),  # money
    ("7011", "7999"),  # lodging, personal and business services, leisure
    ("8011", "8999"),  # professions, education, membership
    ("9211", "9950"),  # government
)
"""The blocks in which merchant category codes (ISO 18245) lie, both ends included; not the standard's own list.

Not every code within a block is assigned: one that is not may pass for known here.
"""


class Oddity(BaseModel):
    """One kind of oddity; `most` are the values that have most rows, or where the oddity is found."""

    model_config = ConfigDict(frozen=True)

    oddity_id: str
    says: str
    rows: int
    most: list[dict[str, Any]] = Field(default_factory=list)


def count_oddities(bank: Bank, files: Mapping[str, Sequence[Path]]) -> list[Oddity]:
    """Every kind of oddity with its count, also where it is 0, as far as these files of the bank's tables tell.

    A kind is left out where the bank has not the table, or none of its files can be read. Postings are counted one
    part after the other, so that memory does not grow with the bank.
    """
    with utc_database() as database:
        oddities = [
            _foreign(database, bank, name, paths) for name, paths in files.items() if _has_currency(name, paths)
        ]
        if files.get("transactions"):
            postings = files["transactions"]
            oddities += [
                _unknown(database, postings, "category", f"category NOT IN {_listed(KNOWN_CATEGORIES)}"),
                _unknown(database, postings, "mcc", f"NOT ({_within_blocks()})"),
                _at_changes(database, bank, postings),
                _busiest(database, bank, postings),
            ]
            if all(list(files.get(name, ())) == list(bank.files(name)) for name in ("customers", "transactions")):
                oddities.append(_silent(database, files["customers"], postings))
    return oddities


def _has_currency(table: str, paths: Sequence[Path]) -> bool:
    return bool(paths) and "currency" in load_dictionary()[table].arrow_schema.names


def _foreign(database: duckdb.DuckDBPyConnection, bank: Bank, table: str, paths: Sequence[Path]) -> Oddity:
    home = bank.manifest.currency
    counts = _counts(database, paths, "currency", f"currency <> {literal(home)}")
    return _counted(f"{table}.currency.foreign", f"currency is another one than {home}", "currency", counts)


def _unknown(database: duckdb.DuckDBPyConnection, paths: Sequence[Path], column: str, is_unknown: str) -> Oddity:
    counts = _counts(database, paths, column, is_unknown)
    return _counted(f"transactions.{column}.unknown", f"{column} is none that is known", column, counts)


def _at_changes(database: duckdb.DuckDBPyConnection, bank: Bank, paths: Sequence[Path]) -> Oddity:
    ends = database.execute(f"SELECT min(posted_at), max(posted_at) FROM {_read(paths)}").fetchall()[0]
    zone = bank.manifest.time_zone
    twice = [change.twice for change in clock_changes(zone, *ends)] if None not in ends else []
    is_twice = " OR ".join(
        f"(posted_at >= {moment_literal(times[0])} AND posted_at < {moment_literal(times[1])})"
        for times in twice
        if times
    )
    rows = 0
    if is_twice:
        rows = database.execute(f"SELECT count(*) FROM {_read(paths)} WHERE {is_twice}").fetchall()[0][0]
    says = f"posted_at lies in an hour that occurs twice in {zone}, where the clocks go back"
    return Oddity(oddity_id="transactions.posted_at.twice", says=says, rows=rows)


def _busiest(database: duckdb.DuckDBPyConnection, bank: Bank, paths: Sequence[Path]) -> Oddity:
    zone = literal(bank.manifest.time_zone)
    found: list[tuple[int, str, str]] = []
    for path in paths:
        found += database.execute(f"""
            SELECT count(*) AS rows, customer_id, CAST(CAST(timezone({zone}, posted_at) AS DATE) AS VARCHAR) AS day
            FROM {_read([path])} GROUP BY ALL ORDER BY rows DESC, customer_id, day LIMIT {FIRST_ROWS}
        """).fetchall()
    found = sorted(found, key=lambda one: (-one[0], one[1], one[2]))[:FIRST_ROWS]
    most = [{"customer_id": customer, "day": day, "rows": rows} for rows, customer, day in found]
    says = f"are the most of one customer on one day in {bank.manifest.time_zone}"
    return Oddity(oddity_id="transactions.posted_at.busiest", says=says, rows=found[0][0] if found else 0, most=most)


def _silent(database: duckdb.DuckDBPyConnection, customers: Sequence[Path], postings: Sequence[Path]) -> Oddity:
    # The parts of one number hold the same customers, and a part without postings has no file of them.
    of_part = {path.name: path for path in postings}
    rows, first = 0, list[str]()
    for path in customers:
        other = f"SELECT customer_id FROM {_read([of_part[path.name]])}" if path.name in of_part else "SELECT ''"
        is_silent = f"FROM {_read([path])} WHERE customer_id NOT IN ({other})"
        rows += database.execute(f"SELECT count(*) {is_silent}").fetchall()[0][0]
        if len(first) < FIRST_ROWS:
            listed = database.execute(f"SELECT customer_id {is_silent} ORDER BY 1 LIMIT {FIRST_ROWS}").fetchall()
            first += [customer for (customer,) in listed]
    most = [{"customer_id": customer} for customer in first[:FIRST_ROWS]]
    return Oddity(oddity_id="customers.customer_id.silent", says="have no transaction", rows=rows, most=most)


def _counts(database: duckdb.DuckDBPyConnection, paths: Sequence[Path], column: str, condition: str) -> Counter[str]:
    name = name_quoted(column)
    query = f"SELECT {name}, count(*) FROM {_read(paths)} WHERE {condition} GROUP BY ALL"
    return Counter(dict(database.execute(query).fetchall()))


def _counted(oddity_id: str, says: str, column: str, counts: Counter[str]) -> Oddity:
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:FIRST_ROWS]
    shown = [{column: value, "rows": rows} for value, rows in most]
    return Oddity(oddity_id=oddity_id, says=says, rows=counts.total(), most=shown)


def _within_blocks() -> str:
    return " OR ".join(f"mcc BETWEEN {literal(first)} AND {literal(last)}" for first, last in KNOWN_MCC_BLOCKS)


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(map(literal, words))})"


def _read(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}])"
