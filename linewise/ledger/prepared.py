"""Statements spelled once and handed to the driver: what SQLAlchemy does around one costs more than SQLite's part."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

__all__ = ["Prepared", "run_by_driver"]


class Prepared:
    """A statement of a record's way to the disk, in the words of one database.

    Its values go to the driver, and its rows come from it, as the database keeps them: moments are
    microseconds. It runs in the transaction of the connection that it is given, and raises what SQLAlchemy
    raises.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._text = str(compiled)
        # None where the driver takes values by name.
        self._order: Sequence[str] | None = compiled.positiontup

    def read(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows that it finds."""
        found: list[tuple[Any, ...]] = run_by_driver(connection, self._text, self._ordered(values)).fetchall()
        return found

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for every row."""
        run_by_driver(connection, self._text, [self._ordered(row) for row in rows], many=True)

    def _ordered(self, values: Mapping[str, Any]) -> Any:
        return values if self._order is None else [values[name] for name in self._order]


def run_by_driver(connection: Connection, text: str, values: Any = (), *, many: bool = False) -> Any:
    """The driver's cursor after the statement ran on it; its errors come as SQLAlchemy's."""
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
    except connection.dialect.loaded_dbapi.Error as err:
        raise DBAPIError.instance(text, None, err, connection.dialect.loaded_dbapi.Error) from err
    return cursor
