"""The engine for many rows: the checked trees of rules as polars expressions, with SQL's NULL logic."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np
import polars as pl
from sqlglot import exp

from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.columns import Columns, as_series
from linewise.policy.rules.language import Kind

__all__ = ["FrameEngine"]

COMPARED: Mapping[type[exp.Expression], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    exp.EQ: pl.Expr.eq,
    exp.NEQ: pl.Expr.ne,
    exp.GT: pl.Expr.gt,
    exp.GTE: pl.Expr.ge,
    exp.LT: pl.Expr.lt,
    exp.LTE: pl.Expr.le,
    exp.And: pl.Expr.and_,
    exp.Or: pl.Expr.or_,
}
COMPUTED: Mapping[type[exp.Expression], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    exp.Add: pl.Expr.add,
    exp.Sub: pl.Expr.sub,
    exp.Mul: pl.Expr.mul,
}


def _expression(node: exp.Expression) -> pl.Expr:  # noqa: PLR0911  one return a form of the language
    match node:
        case exp.Column():
            return pl.col(node.name)
        case exp.Literal():
            return pl.lit(node.name) if node.is_string else pl.lit(float(node.name))
        case exp.Boolean():
            return pl.lit(bool(node.this))
        case exp.Neg():
            return _expression(node.this).neg()
        case exp.Not():
            return _expression(node.this).not_()
        case exp.Is():
            return _expression(node.this).is_null()
        case exp.In():
            subject = _expression(node.this)
            return reduce(pl.Expr.or_, (subject.eq(_expression(one)) for one in node.expressions))
        case exp.Coalesce():
            return reduce(_first_known, (_expression(one) for one in (node.this, *node.expressions)))
        case exp.Least() | exp.Greatest():
            return _extreme(node)
    left, right = _expression(node.this), _expression(node.expression)
    if type(node) in COMPARED:
        return COMPARED[type(node)](left, right)
    # Infinity less infinity is no number: SQL says NULL.
    return COMPUTED[type(node)](left, right).fill_nan(None)


def _first_known(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    # polars' own coalesce gives one value instead of a column where the first is missing in every row.
    return pl.when(first.is_null()).then(second).otherwise(first)


def _extreme(node: exp.Expression) -> pl.Expr:
    """The least or greatest of some numbers; NULL where one of them is (polars itself would pass over it)."""
    numbers = [_expression(one) for one in (node.this, *node.expressions)]
    chosen = pl.min_horizontal(numbers) if isinstance(node, exp.Least) else pl.max_horizontal(numbers)
    return pl.when(pl.any_horizontal([one.is_null() for one in numbers])).then(None).otherwise(chosen)


class FrameEngine:
    """Conditions and numbers over named columns, for frames of any length.

    guards (n_conditions,): what a condition counts as where it is NULL.
    """

    def __init__(
        self,
        conditions: Sequence[exp.Expression],
        guards: Sequence[bool],
        numbers: Sequence[exp.Expression],
        kinds: Mapping[str, Kind],
    ) -> None:
        self._conditions = [
            _expression(tree).fill_null(guard).alias(f"c{place}")
            for place, (tree, guard) in enumerate(zip(conditions, guards, strict=True))
        ]
        self._numbers = [
            _expression(tree).cast(pl.Float64).fill_null(np.nan).alias(f"n{place}")
            for place, tree in enumerate(numbers)
        ]
        self._kinds = kinds
        self._known = [_with_nulls(name, kind) for name, kind in kinds.items()]

    def evaluate(self, columns: Columns, rows: int, number_count: int) -> tuple[Bools, Floats]:
        """The conditions, (n_conditions, n_rows), and the first numbers, (number_count, n_rows), NaN for NULL."""
        frame = pl.DataFrame([as_series(name, columns.get(name), kind, rows) for name, kind in self._kinds.items()])
        found = frame.select(self._known).select(self._conditions + self._numbers[:number_count]).get_columns()
        hit, numbers = np.empty((len(self._conditions), rows), dtype=bool), np.empty((number_count, rows))
        # An expression without a column is one value, which spreads over all rows.
        for place, column in enumerate(found[: len(hit)]):
            hit[place] = column.to_numpy()
        for place, column in enumerate(found[len(hit) :]):
            numbers[place] = column.to_numpy()
        return hit, numbers


def _with_nulls(name: str, kind: Kind) -> pl.Expr:
    """A column as the expressions read it: NaN has become NULL, a flag is true for anything but 0."""
    column = pl.col(name)
    match kind:
        case "text":
            return column
        case "flag":
            return column.fill_nan(None).ne(0.0)
        case "number":
            return column.fill_nan(None)
