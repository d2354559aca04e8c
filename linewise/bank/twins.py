"""Keys that stand in more than one part of a table, found without holding all of its keys at once."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from linewise.bank.database import literal, name_quoted, utc_database
from linewise.bank.dictionary import Table
from linewise.bank.problems import FIRST_ROWS, Problem

__all__ = ["find_twins"]

# Eight bytes a key and what the engine adds to them: less than a gigabyte at once.
_KEYS_AT_ONCE = 20_000_000


def find_twins(table: Table, files: Sequence[Path], rows: int) -> Problem | None:
    """The rows whose key stands in a part before theirs; None where there are none.

    `files` are the table's parts and `rows` how many they hold together. A key that occurs twice within
    one part is not looked for here: the rules of the table find it there.
    """
    if len(files) < 2:
        return None
    with utc_database() as database:
        _suspect(database, table, files, rows)
        key = ", ".join(map(name_quoted, table.key))
        twins = f"""
            SELECT {key}, count(DISTINCT filename) - 1 AS more FROM {_read(files)}
            WHERE hash({key}) IN (SELECT twin FROM suspects) GROUP BY ALL HAVING more > 0
        """
        count, *_ = database.execute(f"SELECT coalesce(sum(more), 0)::BIGINT FROM ({twins})").fetchall()[0]
        if not count:
            return None
        first = f"SELECT {key} FROM ({twins}) ORDER BY ALL LIMIT {FIRST_ROWS}"
        shown = database.sql(first).to_arrow_table().to_pylist()
    column = "+".join(table.key)
    return Problem(table.name, column, f"{' and '.join(table.key)} occurs more than once", count, shown)


def _suspect(database: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path], rows: int) -> None:
    """Fill the table `suspects` with the hashes that occur twice, of one share of the keys after the other."""
    key = ", ".join(map(name_quoted, table.key))
    is_known = " AND ".join(f"{name_quoted(name)} IS NOT NULL" for name in table.key)
    shares = rows // _KEYS_AT_ONCE + 1
    database.execute("CREATE TABLE suspects (twin UBIGINT)")
    for share in range(shares):
        database.execute(f"""
            INSERT INTO suspects SELECT hash({key}) AS twin FROM {_read(files)}
            WHERE {is_known} AND hash({key}) % {shares} = {share} GROUP BY twin HAVING count(*) > 1
        """)


def _read(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(path)) for path in files)}], filename = true)"
