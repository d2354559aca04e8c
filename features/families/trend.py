"""Trend and spread: whether activity grows or fades, and how even it is from month to month."""

from typing import TYPE_CHECKING

from features.expressions import number, share, total
from features.feature import define

if TYPE_CHECKING:
    from ibis.expr.types import NumericScalar, NumericValue, Table

__all__ = ["FEATURES", "lean_month_gap", "quarter_to_year"]

_OWNER = "credit risk"
# Three of at most twelve counted months hold at most everything: (s / 3) / (s / 12).
_TREND_MAXIMUM = 4.0


def quarter_to_year(m: "Table", value: "NumericValue") -> "NumericScalar":
    """The monthly mean of the last 3 months over that of up to 12, both over the months that are known.

    1 is level, 2 twice as much as usual, 0 nothing of late; no answer where the year holds nothing.
    """
    recent, known = m.month < 3, m.month < 12
    return share(total(value, recent) * number(known), total(value, known) * number(recent))


def lean_month_gap(m: "Table", value: "NumericValue", months: int) -> "NumericScalar":
    """How far a lean month (a quarter of the months have less) lies below the average one, as a share of it.

    0 where months are alike, 1 where a lean month brings nothing. The lower quartile rather than the
    standard deviation, for neither one missing month nor one exceptional one makes an income unsteady
    (30-day months drift against calendar months, so a monthly salary skips one now and then); no answer
    where all months are empty.
    """
    lean = (m.month < months).ifelse(value, None).quantile(0.25)
    mean = share(total(value, m.month < months), number(m.month < months))
    gap = 1.0 - lean / mean.nullif(0.0)
    return (gap < 0).ifelse(0.0, gap)


FEATURES = (
    define(
        "credit_trend_ratio_12m",
        "Money coming in a month, the last 3 months against the last 12: 1 is level, above 1 is growing.",
        lambda m: quarter_to_year(m, m.credit_amt),
        grain="month",
        owner=_OWNER,
        maximum=_TREND_MAXIMUM,
        default=1.0,
    ),
    define(
        "debit_trend_ratio_12m",
        "Money going out a month, the last 3 months against the last 12: 1 is level, above 1 is growing.",
        lambda m: quarter_to_year(m, m.debit_amt),
        grain="month",
        owner=_OWNER,
        maximum=_TREND_MAXIMUM,
        default=1.0,
    ),
    define(
        "txn_trend_ratio_12m",
        "Transactions a month, the last 3 months against the last 12: 1 is level, above 1 is growing.",
        lambda m: quarter_to_year(m, m.txn_count),
        grain="month",
        owner=_OWNER,
        maximum=_TREND_MAXIMUM,
        default=1.0,
    ),
    define(
        "credit_spread_ratio_6m",
        "How far a lean month's money in lies below the average of 6 months: 0 is even, 1 nothing in it.",
        lambda m: lean_month_gap(m, m.credit_amt, 6),
        grain="month",
        owner=_OWNER,
        default=1.0,
    ),
    define(
        "debit_spread_ratio_6m",
        "How far a quiet month's money out lies below the average of 6 months: 0 is even, 1 nothing in it.",
        lambda m: lean_month_gap(m, m.debit_amt, 6),
        grain="month",
        owner=_OWNER,
        default=1.0,
    ),
)
