"""What feature expressions ask of the rows of a customer, read from the expressions themselves.

An expression at the grain of a transaction or a day is arithmetic over reductions, and each reduction goes over
the rows that meet a condition of the row and lie in a window of days: sum(CASE WHEN condition AND age_days < 90
THEN value END). Rows, conditions and windows can therefore be taken apart: one walk over the rows answers every
reduction, and the arithmetic stays with the definition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal

import ibis
from ibis.expr import operations as ops

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

__all__ = ["AGE", "EVER", "MONTH", "Asked", "How", "Measure", "Plan", "Window", "asked", "plan_of", "replaced"]

AGE, MONTH = "age_days", "month"
"""The one column that windows are cut on: of rows and days, of months."""

How = Literal["sum", "count", "min", "max", "distinct", "quantile"]

_HOW: dict[type[Any], How] = {
    ops.Sum: "sum",
    ops.Count: "count",
    ops.Min: "min",
    ops.Max: "max",
    ops.CountDistinct: "distinct",
    ops.Quantile: "quantile",
}


@dataclass(frozen=True, slots=True)
class Window:
    """Days, or months, counted back from the observation date: from `start` up to, not including, `end`.

    None stands for ever.
    """

    start: int
    end: int | None


EVER = Window(0, None)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is taken of a row (`value`, None for a count) where the row meets `where` (None: always), and how.

    `at` is the share of the values that lies below a quantile, 0 of all else.
    """

    how: How
    value: ops.Value | None
    where: ops.Value | None
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One reduction: a measure over a window."""

    measure: Measure
    window: Window

    @property
    def kind(self) -> str:
        """The type of the answer: whole numbers are kept whole."""
        measure = self.measure
        is_ratio = measure.how in {"min", "max"} and measure.value is not None and measure.value.dtype.is_floating()
        return "float64" if is_ratio or measure.how == "quantile" else "int64"


@dataclass(frozen=True, slots=True)
class Plan:
    """The reductions without repeats, the names that the arithmetic reads them under, and by answer the arithmetic.

    `plain` are the answers that are a reduction as it is, with the number that stands where it is missing: half of
    all, and SQL would read and write them for nothing. They have no arithmetic.
    """

    asked: tuple[Asked, ...]
    columns: tuple[str, ...]
    arithmetic: Mapping[str, ops.Value]
    plain: Mapping[str, tuple[str, int | None]]

    @property
    def kinds(self) -> dict[str, str]:
        """The type of each column."""
        return {name: one.kind for name, one in zip(self.columns, self.asked, strict=True)}

    def answers(self, table: "Table") -> "dict[str, Value]":
        """The arithmetic over a table that holds the reductions under `kinds`."""
        fields = {_placeholder(name, kind): ops.Field(table.op(), name) for name, kind in self.kinds.items()}
        return {name: replaced(op, fields).to_expr() for name, op in self.arithmetic.items()}


def plan_of(expressions: "Mapping[str, Value]", prefix: str, by: str = AGE) -> Plan:
    """The plan of expressions over one table of rows, by the names of their answers; `prefix` begins `columns`.

    `by` is the column that windows are cut on.
    Raises ValueError for an expression that is not arithmetic over reductions of the kind this module tells of.
    """
    reductions = {
        op: None for expression in expressions.values() for op in expression.op().find(ops.Reduction, filter=ops.Value)
    }
    wanted = {op: asked(op.to_expr(), by) for op in reductions}
    columns = {one: f"{prefix}{place}" for place, one in enumerate(dict.fromkeys(wanted.values()))}
    fields = {op: _placeholder(columns[one], one.kind) for op, one in wanted.items()}
    arithmetic: dict[str, ops.Value] = {}
    plain: dict[str, tuple[str, int | None]] = {}
    for name, expression in expressions.items():
        op = expression.op()
        arithmetic[name] = replaced(op, fields)
        if strays := {field.name for field in arithmetic[name].find(ops.Field, filter=ops.Value)} - set(
            columns.values()
        ):
            raise ValueError(f"{name}: {', '.join(sorted(strays))} is read outside of a reduction")
        match arithmetic[name]:
            case ops.Field(name=column):
                plain[name] = (column, None)
            case ops.Coalesce((ops.Field(name=column), ops.Literal(int(filler)))):
                plain[name] = (column, filler)
    arithmetic = {name: op for name, op in arithmetic.items() if name not in plain}
    return Plan(tuple(columns), tuple(columns.values()), arithmetic, plain)


def asked(reduction: "Value", by: str = AGE) -> Asked:
    """The measure and the window, cut on `by`, of one reduction; raises ValueError where it is of another kind."""
    op = reduction.op()
    # A sum is a whole number here, whatever width an expression asks for.
    op = op.arg if isinstance(op, ops.Cast) else op
    how = _HOW.get(type(op))
    # A quantile needs all values at once: twelve months are few enough, the rows of a customer are not.
    how = None if how == "quantile" and by == AGE else how
    case = getattr(op, "arg", None)
    if how is None or not isinstance(case, ops.IfElse) or not _is_null(case.false_null_expr) or op.where is not None:
        raise ValueError(f"{reduction.get_name()}: a reduction of condition.ifelse(value, None) was expected")
    rows, window = _taken_apart(case.bool_expr, by)
    value: ops.Value | None = case.true_expr
    if how == "count":
        # A count of values is one of the rows that have a value.
        if not isinstance(value, ops.Literal):
            rows = ops.NotNull(value) if rows is None else ops.And(rows, ops.NotNull(value))
        value = None
    if how == "distinct" and window.start:
        raise ValueError(
            f"{reduction.get_name()}: different values are counted from day 0 on, and not from {window.start}"
        )
    at = op.quantile.value if how == "quantile" else 0.0
    return Asked(Measure(how, value, rows, at), window)


def _taken_apart(condition: ops.Value, by: str) -> tuple[ops.Value | None, Window]:
    """The condition of the row alone, and the window."""
    rows: list[ops.Value] = []
    start, ends = 0, set[int]()
    for part in _conjuncts(condition):
        if not any(field.name == by for field in part.find(ops.Field, filter=ops.Value)):
            rows.append(part)
            continue
        match part:
            case ops.Less(ops.Field(), ops.Literal(int(edge))):
                ends.add(edge)
            case ops.GreaterEqual(ops.Field(), ops.Literal(int(edge))):
                start = max(start, edge)
            case _:
                raise ValueError(f"{part.name}: {by} < days or {by} >= days was expected")
    return (reduce(ops.And, rows) if rows else None), Window(start, min(ends, default=None))


def _conjuncts(condition: ops.Value) -> Iterable[ops.Value]:
    if isinstance(condition, ops.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _is_null(op: ops.Value) -> bool:
    return isinstance(op, ops.Literal) and op.value is None


def _placeholder(name: str, kind: str) -> ops.Field:
    return ops.Field(ibis.table({name: kind}, name=f"placeholder_{name}").op(), name)


def replaced(op: ops.Value, by: Mapping[Any, Any]) -> ops.Value:
    """The expression with parts of it, or itself, replaced."""
    return by[op] if op in by else op.replace(dict(by))
