"""The engine for many rows: the checked trees of rules as polars expressions, with SQL's NULL logic."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np
import polars as pl
from sqlglot import exp

from linewise.decisioning.types import Floats
from linewise.policy.rules.columns import Columns, flags_of, numbers_of, texts_of
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
    """Some expressions over named columns, for frames of any length."""

    def __init__(self, trees: Sequence[exp.Expression], kinds: Mapping[str, Kind]) -> None:
        self._expressions = [_expression(tree).cast(pl.Float64).alias(str(number)) for number, tree in enumerate(trees)]
        self._kinds = kinds

    def evaluate(self, columns: Columns, rows: int, first: int) -> Floats:
        """The values of the `first` expressions, (first, n_rows): NaN for NULL, 1 and 0 for conditions."""
        frame = pl.DataFrame([self._series(name, columns, rows) for name in self._kinds])
        values = np.empty((first, rows))
        for number, column in enumerate(frame.select(self._expressions[:first])):
            values[number] = column.to_numpy()  # an expression without a column spreads over all rows
        return values

    def _series(self, name: str, columns: Columns, rows: int) -> pl.Series:
        match self._kinds[name]:
            case "text":
                return pl.Series(name, texts_of(columns, name, rows), dtype=pl.String)
            case "flag":
                flags = pl.Series(name, flags_of(columns, name, rows), dtype=pl.Float64, nan_to_null=True)
                return flags.cast(pl.Boolean)
            case "number":
                return pl.Series(name, numbers_of(columns, name, rows), dtype=pl.Float64, nan_to_null=True)
