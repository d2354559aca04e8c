"""Habits: when in the week, the night and the month money is spent, where, what comes back, and cash on credit.

Days, nights and months are those of the bank's own time zone. The first ten days of a month follow the usual payday
of the month before, so a share far above a third tells of money that is gone soon after it came.
"""

from typing import TYPE_CHECKING

from features.expressions import days_since, number, share, total
from features.feature import ANY_PURPOSE, define

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, NumericScalar, Table

__all__ = ["FEATURES"]

_OWNER = "customer data"
_YEAR = 365
_CAPPED = f"{_YEAR} stands for that long ago or longer, and for never."


def _share_of_purchases(t: "Table", where: "BooleanValue", days: int) -> "NumericScalar":
    bought = t.is_purchase & (t.age_days < days)
    return share(total(t.billing_amt, t.is_purchase & where & (t.age_days < days)), total(t.billing_amt, bought))


FEATURES = (
    define(
        "weekend_share_ratio_90d",
        "Share of the spending that falls on Saturdays and Sundays, over the last 90 days.",
        lambda t: _share_of_purchases(t, t.is_weekend, 90),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "night_share_ratio_90d",
        "Share of the spending between midnight and six, over the last 90 days, where the hour is known.",
        lambda t: _share_of_purchases(t, t.is_night, 90),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "month_start_share_ratio_180d",
        "Share of the spending that falls on the first ten days of a month, over the last 180 days.",
        lambda t: _share_of_purchases(t, t.month_third == 1, 180),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "month_end_share_ratio_180d",
        "Share of the spending that falls after the twentieth of a month, over the last 180 days.",
        lambda t: _share_of_purchases(t, t.month_third == 3, 180),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "online_share_ratio_90d",
        "Share of the spending over the internet, over the last 90 days.",
        lambda t: _share_of_purchases(t, t.is_online, 90),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "foreign_share_ratio_365d",
        "Share of the spending in other currencies than the account's, over the last 365 days.",
        lambda t: _share_of_purchases(t, t.is_foreign, 365),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "refund_count_180d",
        "Refunds from merchants in the last 180 days.",
        lambda t: number(t.is_refund & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_advance_count_90d",
        "Times that cash was drawn on the credit line in the last 90 days.",
        lambda t: number(t.is_cash_advance & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_advance_sum_amt_180d",
        "Cash drawn on the credit line in the last 180 days.",
        lambda t: total(t.billing_amt, t.is_cash_advance & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_advance_recency_days",
        f"Days since cash was last drawn on the credit line; {_CAPPED}",
        lambda t: days_since(t.age_days, t.is_cash_advance, _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
    ),
    define(
        "salary_recency_days",
        f"Days since a salary, pension or benefit last came; {_CAPPED}",
        lambda t: days_since(t.age_days, t.is_salary, _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "salary_count_180d",
        "Salaries, pensions and benefits that came in the last 180 days: six where they come every month.",
        lambda t: number(t.is_salary & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
)
