"""The engine for many rows: the checked trees of rules as polars expressions, with SQL's NULL logic."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np
import polars as pl
from sqlglot import exp

from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.columns import Columns, as_series
from linewise.policy.rules.folding import Forms, folded
from linewise.policy.rules.language import Kind

__all__ = ["FrameEngine"]


def _leaf(node: exp.Expression) -> pl.Expr:
    if isinstance(node, exp.Column):
        return pl.col(node.name)
    if isinstance(node, exp.Boolean):
        return pl.lit(bool(node.this))
    return pl.lit(node.name if node.is_string else float(node.name))


def _among(subject: pl.Expr, *members: pl.Expr) -> pl.Expr:
    return reduce(pl.Expr.or_, (subject.eq(one) for one in members))


def _first_known(*parts: pl.Expr) -> pl.Expr:
    # polars' own coalesce gives one value instead of a column where the first is missing in every row.
    return reduce(lambda first, second: pl.when(first.is_null()).then(second).otherwise(first), parts)


def _extreme(chosen: Callable[..., pl.Expr]) -> Callable[..., pl.Expr]:
    """The least or greatest of some numbers; NULL where one of them is (polars itself would pass over it)."""
    return lambda *numbers: (
        pl.when(pl.any_horizontal([one.is_null() for one in numbers])).then(None).otherwise(chosen(numbers))
    )


def _computed(operation: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[..., pl.Expr]:
    # Infinity less infinity is no number: SQL says NULL.
    return lambda left, right: operation(left, right).fill_nan(None)


FORMS: Forms = {
    exp.And: pl.Expr.and_, exp.Or: pl.Expr.or_, exp.Not: pl.Expr.not_,
    exp.EQ: pl.Expr.eq, exp.NEQ: pl.Expr.ne,
    exp.GT: pl.Expr.gt, exp.GTE: pl.Expr.ge, exp.LT: pl.Expr.lt, exp.LTE: pl.Expr.le,
    exp.Add: _computed(pl.Expr.add), exp.Sub: _computed(pl.Expr.sub), exp.Mul: _computed(pl.Expr.mul),
    exp.Neg: pl.Expr.neg, exp.Is: pl.Expr.is_null, exp.In: _among,
    exp.Coalesce: _first_known, exp.Least: _extreme(pl.min_horizontal), exp.Greatest: _extreme(pl.max_horizontal),
}  # fmt: skip
"""The language in polars' words."""


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
            folded(tree, _leaf, FORMS).fill_null(guard).alias(f"c{place}")
            for place, (tree, guard) in enumerate(zip(conditions, guards, strict=True))
        ]
        self._numbers = [
            folded(tree, _leaf, FORMS).cast(pl.Float64).fill_null(np.nan).alias(f"n{place}")
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
