"""The few shapes that feature expressions share: totals, counts and shares that do not depend on row order.

Money is summed as integers and divided once, at the end, so that the same rows give the same bytes. The
condition stands inside the aggregate as CASE WHEN: DuckDB runs that three to four times faster than FILTER.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, NumericScalar, NumericValue, Value

__all__ = ["at_most", "average", "days_since", "distinct", "largest", "number", "share", "total"]


def total(value: "NumericValue", where: "BooleanValue") -> "NumericScalar":
    """The sum of `value` over the rows that meet the condition; 0 where none does."""
    return where.ifelse(value, None).sum().fill_null(0)


def number(where: "BooleanValue") -> "NumericScalar":
    """How many rows meet the condition."""
    return where.ifelse(1, None).count()


def distinct(value: "Value", where: "BooleanValue") -> "NumericScalar":
    """How many different values the rows that meet the condition hold."""
    return where.ifelse(value, None).nunique()


def share(part: "NumericScalar", whole: "NumericScalar") -> "NumericScalar":
    """`part` of `whole`; no answer where `whole` is 0."""
    return part.cast("float64") / whole.nullif(0).cast("float64")


def average(value: "NumericValue", where: "BooleanValue") -> "NumericScalar":
    """The mean of `value` in whole units over the rows that meet the condition; no answer where none does."""
    return share(total(value, where), number(where)).round()


def at_most(value: "NumericScalar", limit: int) -> "NumericScalar":
    """`value`, or `limit` where it is larger or has no answer."""
    return (value < limit).ifelse(value, limit)


def largest(*values: "NumericScalar") -> "NumericScalar":
    """The largest of the values; those without an answer do not count."""
    import ibis  # noqa: PLC0415  the online path reads the catalogue without the query engine

    return ibis.greatest(*values)


def days_since(age_days: "NumericValue", where: "BooleanValue", limit: int) -> "NumericScalar":
    """Days since the latest row that meets the condition, or `limit` where that is longer ago or there is none."""
    return at_most(where.ifelse(age_days, None).min(), limit)
