"""Standing orders, as they show in the transactions: transfers out that name their purpose.

An undated table of orders is never read: it would carry payments that began after the observation date.
"""

from features.expressions import average, distinct, number, share, total
from features.feature import define

__all__ = ["FEATURES"]

_OWNER = "credit risk"

FEATURES = (
    define(
        "standing_order_count_90d",
        "Payments by standing order in the last 90 days.",
        lambda t: number(t.is_standing_order & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "standing_order_sum_amt_90d",
        "Paid by standing order in the last 90 days.",
        lambda t: total(t.billing_amt, t.is_standing_order & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "standing_order_max_amt_180d",
        "The largest payment by standing order in the last 180 days.",
        lambda t: (t.is_standing_order & (t.age_days < 180)).ifelse(t.billing_amt, None).max(),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "standing_order_purposes_count_180d",
        "Different purposes paid by standing order in the last 180 days.",
        lambda t: distinct(t.category, t.is_standing_order & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "standing_order_share_ratio_180d",
        "Share of the money going out that is paid by standing order, over the last 180 days.",
        lambda t: share(
            total(t.billing_amt, t.is_standing_order & (t.age_days < 180)),
            total(t.billing_amt, t.is_debit & (t.age_days < 180)),
        ),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "household_mean_amt_6m",
        "Household payments a month, the average of the last 6 months.",
        lambda m: average(m.household_amt, m.month < 6),
        grain="month",
        owner=_OWNER,
    ),
    define(
        "insurance_mean_amt_6m",
        "Insurance payments a month, the average of the last 6 months.",
        lambda m: average(m.insurance_amt, m.month < 6),
        grain="month",
        owner=_OWNER,
    ),
)
