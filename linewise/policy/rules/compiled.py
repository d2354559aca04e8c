"""Rules compiled: SQL boolean expressions over named columns, checked by a parser and run by polars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import sqlglot
from numpy.typing import NDArray
from sqlglot import exp

from linewise.decisioning.gates import COLUMNS, OFFER_COLUMNS
from linewise.decisioning.rule import CandidateKind, Hits, Rule
from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.source import RuleSource

__all__ = ["CompiledRules"]

ALLOWED_NODES = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.Null,
    exp.Between, exp.In, exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Neg, exp.Add, exp.Sub,
    exp.Mul, exp.Coalesce, exp.Placeholder,
)  # fmt: skip
"""What an expression may be made of; anything else is refused (no text of a rule is ever run as Python)."""


def _parsed(text: str, field: str, source: RuleSource, allowed: frozenset[str]) -> exp.Expression:
    """The expression with its parameters filled in.

    Raises PolicyInvalid for anything but allowed columns, parameters, operators and COALESCE.
    """
    params = source.params
    try:
        tree = sqlglot.parse_one(text, read="sqlite")
    except sqlglot.errors.ParseError as err:
        raise source.invalid(field, f"{text!r} is not a SQL expression") from err
    for node in tree.walk():
        if not isinstance(node, ALLOWED_NODES):
            allowed_words = "Comparisons, AND, OR, NOT, IS NULL, IN, BETWEEN, +, -, * and COALESCE are."
            raise source.invalid(field, f"{node.sql()!r} is not allowed in a rule", allowed_words)
        if isinstance(node, exp.Column) and node.name not in allowed:
            similar = ", ".join(_similar(node.name, allowed)) or "none"
            problem = f"there is no column {node.name!r}"
            raise source.invalid(field, problem, f"Columns with a similar name: {similar}.")
        if isinstance(node, exp.Placeholder) and node.name not in params:
            problem = f"the parameter :{node.name} has no value"
            raise source.invalid(field, problem, f"params has: {', '.join(params) or 'nothing'}.")
    return tree.transform(
        lambda node: exp.Literal.number(params[node.name]) if isinstance(node, exp.Placeholder) else node
    )


def _similar(name: str, allowed: frozenset[str]) -> list[str]:
    words = set(name.split("_"))
    return sorted(one for one in allowed if words & set(one.split("_")))[:5]


FIELDS = ("when", "value", "threshold", "cap")
"""The expressions of a rule, in the order of the cells that evaluating it fills."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The rules of one kind: their expressions, and the cell (rule, field) that each one fills."""

    rules: tuple[Rule, ...]
    guards: Bools
    expressions: tuple[pl.Expr, ...]
    cells: tuple[tuple[int, int], ...]
    columns: frozenset[str]


def _compile(sources: Sequence[RuleSource], kind: CandidateKind, allowed: frozenset[str]) -> _Compiled:
    expressions: list[pl.Expr] = []
    cells: list[tuple[int, int]] = []
    columns: set[str] = set()
    for number, source in enumerate(sources):
        for cell, field in enumerate(FIELDS):
            text: str | None = getattr(source.rule, field)
            if text is None:
                continue
            tree = _parsed(text, field, source, allowed)
            columns |= {column.name for column in tree.find_all(exp.Column)}
            computed = pl.sql_expr(tree.sql("postgres")).cast(pl.Boolean if field == "when" else pl.Float64)
            expressions.append(computed.cast(pl.Float64).alias(f"{source.rule.rule_id} {field}"))
            cells.append((number, cell))
    return _Compiled(
        rules=tuple(source.as_decided(kind) for source in sources),
        guards=np.array([source.rule.on_missing == "block" for source in sources], dtype=bool),
        expressions=tuple(expressions),
        cells=tuple(cells),
        columns=frozenset(columns),
    )


class CompiledRules:
    """A rule pack ready to run over columns of any length, one customer or a chunk."""

    def __init__(self, sources: Sequence[RuleSource], feature_names: Sequence[str]) -> None:
        self.entries = tuple(source.rule for source in sources)
        of_customer = frozenset(COLUMNS) | frozenset(feature_names)
        allowed = {"limit": of_customer, "plan": of_customer, "offer": of_customer | frozenset(OFFER_COLUMNS)}
        kinds: tuple[CandidateKind, ...] = ("offer", "limit", "plan")
        self._compiled = {
            kind: _compile([one for one in sources if kind in one.rule.applies_to], kind, allowed[kind])
            for kind in kinds
        }

    def evaluate(self, applies_to: CandidateKind, columns: Mapping[str, NDArray[Any]]) -> Hits:
        """All rules of that kind, each row with SQL's NULL logic; NaN is NULL."""
        compiled = self._compiled[applies_to]
        rows = len(next(iter(columns.values())))
        frame = pl.DataFrame([_series(name, columns[name]) for name in sorted(compiled.columns)])
        cells = np.full((rows, len(compiled.rules), len(FIELDS)), np.nan)
        for (rule, field), column in zip(compiled.cells, frame.select(compiled.expressions), strict=True):
            cells[:, rule, field] = column.to_numpy()  # one value without a column spreads over all rows
        when, value, threshold, cap = np.moveaxis(cells, 2, 0)
        hit: Bools = np.where(np.isnan(when), compiled.guards[None, :], when == 1.0)
        cap_amt: Floats = np.where(np.isnan(cap), np.inf, cap)
        return Hits(compiled.rules, hit, value, threshold, cap_amt)


def _series(name: str, values: NDArray[Any]) -> pl.Series:
    if values.dtype.kind in "fiub":
        return pl.Series(name, np.asarray(values, dtype=np.float64), nan_to_null=True)
    return pl.Series(name, values.tolist(), dtype=pl.String)
