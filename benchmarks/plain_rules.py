"""The rules as somebody would write them by hand: one Python predicate a rule, and one DuckDB query for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from linewise.policy.rules import RuleSource
from linewise.policy.rules.folding import Forms, folded
from linewise.policy.rules.language import Kind, read_expression

__all__ = ["Predicate", "duckdb_query", "plain_rules"]

Row = Mapping[str, Any]
Predicate = Callable[[Row], Any]


@dataclass(frozen=True)
class _Value:
    """A value in Python, and how each of its variables is looked up: without one of these it is missing."""

    text: str
    asked: Mapping[str, str] = field(default_factory=dict)

    def or_else(self, missing: bool | None) -> str:
        """The value, and what stands for it where it is missing; of a condition just true or false."""
        if not self.asked:
            return f"({self.text})"
        if missing is None:
            return f"({self.text} if {self._tests('is not None', 'and')} else None)"
        if missing:
            return f"({self._tests('is None', 'or')} or {self.text})"
        return f"({self._tests('is not None', 'and')} and {self.text})"

    def is_missing(self) -> str:
        return f"({self._tests('is None', 'or') if self.asked else False})"

    def _tests(self, test: str, between: str) -> str:
        return f" {between} ".join(f"({name} := {looked_up}) {test}" for name, looked_up in self.asked.items())


def _written(form: str) -> Callable[..., _Value]:
    """The form of its parts, one after the other where it takes any number; missing where one of them is."""

    def value(*parts: _Value) -> _Value:
        texts = [part.text for part in parts]
        text = form.format(", ".join(texts)) if form.count("{}") == 1 else form.format(*texts)
        return _Value(text, {name: place for part in parts for name, place in part.asked.items()})

    return value


def _among(subject: _Value, *members: _Value) -> _Value:
    return _Value(f"({subject.text} in ({', '.join(one.text for one in members)},))", subject.asked)


def _first_known(first: _Value, constant: _Value) -> _Value:
    assert not constant.asked, "The packs fall back on constants alone."
    return _Value(f"({constant.text} if {first.is_missing()} else {first.text})")


FORMS: Forms = {
    exp.EQ: _written("({} == {})"), exp.NEQ: _written("({} != {})"), exp.GT: _written("({} > {})"),
    exp.GTE: _written("({} >= {})"), exp.LT: _written("({} < {})"), exp.LTE: _written("({} <= {})"),
    exp.Add: _written("({} + {})"), exp.Sub: _written("({} - {})"), exp.Mul: _written("({} * {})"),
    exp.Neg: _written("(-{})"), exp.Least: _written("min({})"), exp.Greatest: _written("max({})"),
    exp.In: _among, exp.Coalesce: _first_known,
}  # fmt: skip


def _leaf(node: exp.Expression) -> _Value:
    if isinstance(node, exp.Column):
        return _Value(node.name, {node.name: f"row[{node.name!r}]"})
    return _Value(
        str(bool(node.this)) if isinstance(node, exp.Boolean) else repr(node.name) if node.is_string else node.name
    )


def _value(node: exp.Expression) -> _Value:
    return folded(node, _leaf, FORMS)


def _condition(node: exp.Expression, missing: bool) -> str:
    """A condition as a careful hand writes it: true or false at once, `missing` where SQL would say NULL."""
    match node:
        case exp.And() | exp.Or():
            sign = "and" if isinstance(node, exp.And) else "or"
            return f"({_condition(node.this, missing)} {sign} {_condition(node.expression, missing)})"
        case exp.Not():
            return f"(not {_condition(node.this, not missing)})"
        case exp.Is():
            return _value(node.this).is_missing()
    return _value(node).or_else(missing)


def plain_rules(sources: Sequence[RuleSource], columns: Mapping[str, Kind]) -> list[tuple[Predicate, Predicate | None]]:
    """For each rule whether it hits (a missing condition counts as the rule says), and its cap."""
    written = []
    for source in sources:
        tree = read_expression(source.rule.when, "when", source, columns, ("flag",))
        cap = None
        if source.rule.cap is not None:
            cap = _compiled(_value(read_expression(source.rule.cap, "cap", source, columns, ("number",))).or_else(None))
        written.append((_compiled(_condition(tree, source.rule.on_missing == "block")), cap))
    return written


def _compiled(text: str) -> Predicate:
    predicate: Predicate = eval(f"lambda row: {text}", {})  # our own text, made of checked trees
    return predicate


def duckdb_query(
    sources: Sequence[RuleSource], columns: Mapping[str, Kind], given: Mapping[str, np.ndarray]
) -> Callable[[], dict[str, np.ndarray]]:
    """One query for all rules over the customers, who lie in a table of DuckDB's own already; planned once."""
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
    connection.execute(f"PREPARE judged AS SELECT {', '.join(parts)} FROM customers")
    return lambda: connection.execute("EXECUTE judged").fetchnumpy()


def _filled(text: str, params: Mapping[str, float]) -> str:
    """An expression as its author wrote it, with its numbers in place of their names."""
    tree = sqlglot.parse_one(text, read="sqlite")
    return tree.transform(
        lambda node: exp.Literal.number(params[node.name]) if isinstance(node, exp.Placeholder) else node
    ).sql("duckdb")
