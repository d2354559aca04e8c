"""The judge of the machine: all expressions of some rules as prepared SQLite statements, values bound."""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from linewise.decisioning.described import Columns
from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.folding import Forms, folded
from linewise.policy.rules.language import Kind

__all__ = ["LookupEngine"]

MOST_RESULTS = 2_000
"""SQLite gives at most so many results a statement as it is built everywhere (SQLITE_MAX_COLUMN)."""


def _called(name: str) -> Callable[..., str]:
    return lambda *parts: f"{name}({', '.join(parts)})"


FORMS: Forms = {
    exp.And: "({} AND {})".format, exp.Or: "({} OR {})".format, exp.Not: "(NOT {})".format,
    exp.EQ: "({} = {})".format, exp.NEQ: "({} <> {})".format, exp.GT: "({} > {})".format,
    exp.GTE: "({} >= {})".format, exp.LT: "({} < {})".format, exp.LTE: "({} <= {})".format,
    exp.Add: "({} + {})".format, exp.Sub: "({} - {})".format, exp.Mul: "({} * {})".format, exp.Neg: "(-{})".format,
    exp.Is: "({} IS NULL)".format,
    exp.In: lambda subject, *members: f"({subject} IN ({', '.join(members)}))",
    # SQLite's min and max of several arguments give NULL where one of them is, as the language says.
    exp.Coalesce: _called("coalesce"), exp.Least: _called("min"), exp.Greatest: _called("max"),
}  # fmt: skip
"""The language in SQLite's words."""


def _text(tree: exp.Expression, words: Mapping[str, str]) -> str:
    """The expression in SQLite's words, with those of each column in its place."""

    def leaf(node: exp.Expression) -> str:
        if isinstance(node, exp.Column):
            return words[node.name]
        return str(int(node.this)) if isinstance(node, exp.Boolean) else node.sql("sqlite")

    return folded(tree, leaf, FORMS)


_of_thread = threading.local()


def _connection() -> sqlite3.Connection:
    """The database of this thread, which holds nothing; it keeps the prepared statements."""
    if not hasattr(_of_thread, "connection"):
        _of_thread.connection = sqlite3.connect(":memory:")
    connection: sqlite3.Connection = _of_thread.connection
    return connection


class LookupEngine:
    """Conditions and numbers over named columns, for a few rows.

    guards (n_conditions,): what a condition counts as where it is NULL. Values are bound, never written
    into the statement. A connection a thread: SQLite's own would otherwise be waited for.
    """

    def __init__(
        self,
        conditions: Sequence[exp.Expression],
        guards: Sequence[bool],
        numbers: Sequence[exp.Expression],
        kinds: Mapping[str, Kind],
    ) -> None:
        words = {name: _word(place, kind) for place, (name, kind) in enumerate(kinds.items(), 1)}
        guarded = zip(conditions, guards, strict=True)
        texts = [f"coalesce({_text(tree, words)}, {int(guard)})" for tree, guard in guarded]
        texts += [_text(tree, words) for tree in numbers]
        self._texts = texts
        self._names = tuple(kinds)
        self._condition_count = len(conditions)
        self._statements_of: dict[int, list[str]] = {}

    def evaluate(self, columns: Columns, rows: int, number_count: int) -> tuple[Bools, Floats]:
        """The conditions, (n_conditions, n_rows), and the first numbers, (number_count, n_rows), NaN for NULL.

        There is at least one row.
        """
        given = [columns.get(name) for name in self._names]
        bound = [None if column is None else column.item(0) for column in given]
        varying: list[tuple[int, NDArray[Any]]] = []
        if rows > 1:
            varying = [(place, column) for place, column in enumerate(given) if column is not None and len(column) > 1]
        execute, statements = _connection().execute, self._statements(self._condition_count + number_count)
        values = np.empty((rows, self._condition_count + number_count))
        for row in range(rows):
            for place, column in varying:
                bound[place] = column.item(row)
            # Whole numbers count as floats, as they do in frames.
            bound = [float(value) if value.__class__ is int else value for value in bound]
            found: list[float | None] = []
            for statement in statements:
                found += execute(statement, bound).fetchone()[1:]
            values[row] = found
        conditions, numbers = values.T[: self._condition_count], values.T[self._condition_count :]
        return conditions != 0.0, numbers

    def _statements(self, count: int) -> list[str]:
        """The statements for the first so many expressions, the same texts each time: SQLite knows them again."""
        if count not in self._statements_of:
            wanted = self._texts[:count]
            # The last value is named in every statement, so that each takes all of them.
            last = f"?{len(self._names)}" if self._names else "NULL"
            self._statements_of[count] = [
                f"SELECT {last}, " + ", ".join(wanted[start : start + MOST_RESULTS - 1])
                for start in range(0, count, MOST_RESULTS - 1)
            ]
        return self._statements_of[count]


def _word(place: int, kind: Kind) -> str:
    """How a column stands in the statement: a flag is true for anything but 0."""
    return f"(?{place} <> 0)" if kind == "flag" else f"?{place}"
