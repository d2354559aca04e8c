"""The engine for one customer or a few: all expressions of the rules as one prepared SQLite statement."""

import sqlite3
import threading
from collections.abc import Mapping, Sequence

import numpy as np
from sqlglot import exp

from linewise.decisioning.types import Floats
from linewise.policy.rules.columns import Columns, flags_of, numbers_of, texts_of
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


def _text(node: exp.Expression, place: Mapping[str, int]) -> str:  # noqa: PLR0911  one return a form of the language
    """The expression in SQLite's words, with the number of its value in place of a column."""
    match node:
        case exp.Column():
            return f"?{place[node.name]}"
        case exp.Literal():
            return node.sql("sqlite")
        case exp.Boolean():
            return str(int(bool(node.this)))
        case exp.Neg():
            return f"(-{_text(node.this, place)})"
        case exp.Not():
            return f"(NOT {_text(node.this, place)})"
        case exp.Is():
            return f"({_text(node.this, place)} IS NULL)"
    if isinstance(node, exp.In):
        return f"({_text(node.this, place)} IN ({', '.join(_text(one, place) for one in node.expressions)}))"
    if type(node) in FUNCTIONS:
        arguments = ", ".join(_text(one, place) for one in (node.this, *node.expressions))
        return f"{FUNCTIONS[type(node)]}({arguments})"
    return f"({_text(node.this, place)} {OPERATORS[type(node)]} {_text(node.expression, place)})"


_of_thread = threading.local()


def _connection() -> sqlite3.Connection:
    """The database of this thread, which holds nothing; it keeps the prepared statements."""
    if not hasattr(_of_thread, "connection"):
        _of_thread.connection = sqlite3.connect(":memory:")
    connection: sqlite3.Connection = _of_thread.connection
    return connection


class LookupEngine:
    """Some expressions over named columns, for a few rows.

    Values are bound, never written into the statement. A connection a thread: SQLite's own would otherwise
    be waited for.
    """

    def __init__(self, trees: Sequence[exp.Expression], kinds: Mapping[str, Kind]) -> None:
        place = {name: number for number, name in enumerate(kinds, 1)}
        texts = [_text(tree, place) for tree in trees]
        self._statements = [
            # The last value is named in every statement, so that each takes all of them.
            f"SELECT ?{len(kinds)} IS NULL, " + ", ".join(texts[start : start + MOST_RESULTS - 1])
            for start in range(0, len(texts), MOST_RESULTS - 1)
        ]
        self._kinds = kinds
        self._count = len(texts)

    def evaluate(self, columns: Columns, rows: int, first: int) -> Floats:
        """The values of the `first` expressions, (first, n_rows): NaN for NULL, 1 and 0 for conditions."""
        given = [self._values(name, columns, rows) for name in self._kinds]
        connection = _connection()
        values = np.empty((rows, self._count))
        for row, bound in enumerate(zip(*given, strict=True) if given else [()] * rows):
            found: list[float | None] = []
            for statement in self._statements:
                found += connection.execute(statement, bound).fetchone()[1:]
            values[row] = found
        return values[:, :first].T

    def _values(self, name: str, columns: Columns, rows: int) -> Sequence[float | str | None]:
        match self._kinds[name]:
            case "text":
                return texts_of(columns, name, rows)
            case "flag":
                return list(flags_of(columns, name, rows).tolist())
            case "number":
                # SQLite takes NaN for NULL.
                return list(numbers_of(columns, name, rows).tolist())
