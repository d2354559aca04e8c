"""The rules as somebody would write them by hand: one Python predicate a rule, and one DuckDB query for all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from linewise.policy.rules import RuleSource
from linewise.policy.rules.language import Kind, read_expression

__all__ = ["Predicate", "duckdb_query", "plain_rules"]

Row = Mapping[str, Any]
Predicate = Callable[[Row], Any]

SIGNS = {exp.EQ: "==", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
         exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}  # fmt: skip


class _Writer:
    """Writes an expression as a careful hand would: each value looked up once and asked whether it is there."""

    def __init__(self) -> None:
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def write(self, node: exp.Expression) -> str:  # noqa: PLR0911  one return a form of the language
        match node:
            case exp.Column():
                return f"row[{node.name!r}]"
            case exp.Literal():
                return repr(node.name) if node.is_string else node.name
            case exp.Boolean():
                return str(bool(node.this))
            case exp.Neg() if isinstance(node.this, exp.Literal):
                return f"-{node.this.name}"
            case exp.Not():
                one = self.name()
                return f"(None if ({one} := {self.write(node.this)}) is None else not {one})"
            case exp.Is():
                return f"({self.write(node.this)} is None)"
            case exp.And() | exp.Or():
                return self._junction(node)
            case exp.In():
                one, among = self.name(), ", ".join(self.write(each) for each in node.expressions)
                return f"(None if ({one} := {self.write(node.this)}) is None else {one} in ({among},))"
            case exp.Coalesce():
                one, rest = self.name(), [node.this, *node.expressions]
                return f"({one} if ({one} := {self.write(rest[0])}) is not None else {self.write(rest[1])})"
            case exp.Least() | exp.Greatest():
                asked = [self._asked(each) for each in (node.this, *node.expressions)]
                chosen = "min" if isinstance(node, exp.Least) else "max"
                return self._unless([test for _, test in asked], f"{chosen}({', '.join(name for name, _ in asked)})")
            case exp.Neg():
                name, test = self._asked(node.this)
                return self._unless([test], f"-{name}")
        (left, first), (right, second) = self._asked(node.this), self._asked(node.expression)
        return self._unless([first, second], f"{left} {SIGNS[type(node)]} {right}")

    def _junction(self, node: exp.Expression) -> str:
        ends, one, two = str(isinstance(node, exp.Or)), self.name(), self.name()
        return (
            f"({ends} if ({one} := {self.write(node.this)}) is {ends} else "
            f"{ends} if ({two} := {self.write(node.expression)}) is {ends} else "
            f"None if {one} is None or {two} is None else {not isinstance(node, exp.Or)})"
        )

    def _asked(self, node: exp.Expression) -> tuple[str, str]:
        """How the value is called, and the test that it is missing; a constant never is."""
        if isinstance(node, exp.Literal | exp.Boolean) or (
            isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)
        ):
            return self.write(node), ""
        name = self.name()
        return name, f"({name} := {self.write(node)}) is None"

    @staticmethod
    def _unless(tests: Sequence[str], value: str) -> str:
        missing = " or ".join(test for test in tests if test)
        return f"(None if {missing} else {value})" if missing else f"({value})"


def plain_rules(sources: Sequence[RuleSource], columns: Mapping[str, Kind]) -> list[tuple[Predicate, Predicate | None]]:
    """For each rule whether it hits (a missing condition counts as the rule says), and its cap."""
    written = []
    for source in sources:
        tree = read_expression(source.rule.when, "when", source, columns, ("flag",))
        guard = source.rule.on_missing == "block"
        hit = f"{guard} if (hit := {_Writer().write(tree)}) is None else hit"
        cap = None
        if source.rule.cap is not None:
            cap = _compiled(_Writer().write(read_expression(source.rule.cap, "cap", source, columns, ("number",))))
        written.append((_compiled(hit), cap))
    return written


def _compiled(text: str) -> Predicate:
    predicate: Predicate = eval(f"lambda row: {text}", {})  # our own text, made of checked trees
    return predicate


def duckdb_query(
    sources: Sequence[RuleSource], columns: Mapping[str, Kind], given: Mapping[str, np.ndarray]
) -> Callable[[], dict[str, np.ndarray]]:
    """One query for all rules over the customers, who lie in a table of DuckDB's own already."""
    connection = duckdb.connect()
    frame = pl.DataFrame(
        [
            pl.Series(name, values.tolist(), dtype=pl.String)
            if columns[name] == "text"
            else pl.Series(name, values, nan_to_null=True).cast(pl.Boolean if columns[name] == "flag" else pl.Float64)
            for name, values in given.items()
        ]
    ).to_arrow()
    connection.register("given", frame)
    connection.execute("CREATE TABLE customers AS SELECT * FROM given")
    parts = []
    for place, source in enumerate(sources):
        guard = str(source.rule.on_missing == "block").upper()
        parts.append(f"coalesce({_filled(source.rule.when, source.params)}, {guard}) AS hit_{place}")
        if source.rule.cap is not None:
            parts.append(f"{_filled(source.rule.cap, source.params)} AS cap_{place}")
    query = f"SELECT {', '.join(parts)} FROM customers"
    return lambda: connection.execute(query).fetchnumpy()


def _filled(text: str, params: Mapping[str, float]) -> str:
    """An expression as its author wrote it, with its numbers in place of their names."""
    tree = sqlglot.parse_one(text, read="sqlite")
    return tree.transform(
        lambda node: exp.Literal.number(params[node.name]) if isinstance(node, exp.Placeholder) else node
    ).sql("duckdb")
