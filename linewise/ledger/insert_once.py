"""Writing a row that may be there already, without ending the transaction around it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from linewise.ledger.prepared import Spelled

__all__ = ["insert_all_once", "insert_once"]

INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""The dialects that know `ON CONFLICT DO NOTHING`."""


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert the row unless a unique key of it is taken; whether it was written."""
    return bool(_spelled(connection.dialect.name, table, tuple(values)).run(connection, values))


def insert_all_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for rows that all have the same columns: one statement, however many they are."""
    if rows:
        _spelled(connection.dialect.name, table, tuple(rows[0])).run_all(connection, rows)


@cache
def _spelled(dialect: str, table: Table, columns: tuple[str, ...]) -> Spelled:
    statement: Any = INSERT[dialect](table)
    return Spelled(statement.on_conflict_do_nothing(), columns)
