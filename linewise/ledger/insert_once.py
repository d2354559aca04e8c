"""Writing a row that may be there already, without ending the transaction around it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["insert_once"]

INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""The dialects that know `ON CONFLICT DO NOTHING`."""


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert the row unless a unique key of it is taken; whether it was written."""
    statement: Any = INSERT[connection.dialect.name](table)
    return bool(connection.execute(statement.values(**values).on_conflict_do_nothing()).rowcount)
