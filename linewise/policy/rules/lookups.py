"""The engine for one customer or a few: all expressions of the rules as one prepared SQLite statement."""

import sqlite3
import threading
from collections.abc import Mapping, Sequence

import numpy as np
from sqlglot import exp

from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.columns import Columns
from linewise.policy.rules.language import Kind

__all__ = ["LookupEngine"]

MOST_RESULTS = 2_000
"""SQLite gives at most so many results a statement as it is built everywhere (SQLITE_MAX_COLUMN)."""

OPERATORS: Mapping[type[exp.Expression], str] = {
    exp.And: "AND", exp.Or: "OR", exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*",
}  # fmt: skip
FUNCTIONS: Mapping[type[exp.Expression], str] = {exp.Coalesce: "coalesce", exp.Least: "min", exp.Greatest: "max"}
"""SQLite's min and max of several arguments give NULL where one of them is, as the language says."""


def _text(node: exp.Expression, words: Mapping[str, str]) -> str:  # noqa: PLR0911  one return a form of the language
    """The expression in SQLite's words, with those of each column in its place."""
    match node:
        case exp.Column():
            return words[node.name]
        case exp.Literal():
            return node.sql("sqlite")
        case exp.Boolean():
            return str(int(bool(node.this)))
        case exp.Neg():
            return f"(-{_text(node.this, words)})"
        case exp.Not():
            return f"(NOT {_text(node.this, words)})"
        case exp.Is():
            return f"({_text(node.this, words)} IS NULL)"
    if isinstance(node, exp.In):
        return f"({_text(node.this, words)} IN ({', '.join(_text(one, words) for one in node.expressions)}))"
    if type(node) in FUNCTIONS:
        arguments = ", ".join(_text(one, words) for one in (node.this, *node.expressions))
        return f"{FUNCTIONS[type(node)]}({arguments})"
    return f"({_text(node.this, words)} {OPERATORS[type(node)]} {_text(node.expression, words)})"


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
        """The conditions, (n_conditions, n_rows), and the first numbers, (number_count, n_rows), NaN for NULL."""
        given = [columns.get(name) for name in self._names]
        bound = [None if column is None or not len(column) else column.item(0) for column in given]
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
