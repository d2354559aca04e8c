"""Statements spelled once and handed to the driver: what SQLAlchemy does around one costs more than SQLite's part."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

__all__ = ["Prepared", "Spelled", "run_by_driver"]

NOTHING: Mapping[str, Any] = MappingProxyType({})


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


class Spelled:
    """A statement of the tables' own types, spelled once for each database: for what every decision asks or tells.

    It takes the values and gives the rows that SQLAlchemy would, in the transaction of the connection that it is given,
    and raises what SQLAlchemy raises. keys: the columns of an insert, where it does not name them itself.
    """

    def __init__(self, statement: ClauseElement, keys: Sequence[str] | None = None) -> None:
        self._statement, self._keys = statement, keys
        self._by_dialect: dict[str, _Typed] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any] = NOTHING) -> list[Any]:
        """The rows that it finds, their columns as attributes."""
        typed = self._typed(connection)
        return typed.read(run_by_driver(connection, typed.text, typed.bound(values)).fetchall())

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it; how many rows it wrote."""
        typed = self._typed(connection)
        return int(run_by_driver(connection, typed.text, typed.bound(values)).rowcount)

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for every row."""
        typed = self._typed(connection)
        run_by_driver(connection, typed.text, [typed.bound(row) for row in rows], many=True)

    def _typed(self, connection: Connection) -> "_Typed":
        name = connection.dialect.name
        if name not in self._by_dialect:
            self._by_dialect[name] = _Typed(self._statement, self._keys, connection.dialect)
        return self._by_dialect[name]


class _Typed:
    """The words of a statement in one database, and how its values and rows change between Python and there."""

    def __init__(self, statement: Any, keys: Sequence[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=None if keys is None else list(keys))
        self.text = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._bind = [
            (name, default, _bind_of(bound, dialect))
            for name in (compiled.positiontup or compiled.params)
            for default, bound in ((compiled.params[name], compiled.binds[name]),)
        ]
        columns = list(getattr(statement, "selected_columns", ()))
        self._row: Any = namedtuple("Found", [one.key for one in columns]) if columns else tuple
        found = [(place, _result_of(one, dialect)) for place, one in enumerate(columns)]
        self._changes = [(place, change) for place, change in found if change is not None]

    def bound(self, values: Mapping[str, Any]) -> Any:
        bound = {
            name: values.get(name, default) if change is None else change(values.get(name, default))
            for name, default, change in self._bind
        }
        return bound if self._order is None else [bound[name] for name in self._order]

    def read(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        made = []
        for row in rows:
            values = list(row)
            for place, change in self._changes:
                values[place] = change(values[place])
            made.append(self._row._make(values))
        return made


def _bind_of(bound: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = bound.type.dialect_impl(dialect).bind_processor(dialect)
    return found


def _result_of(column: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return found
