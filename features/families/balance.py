"""Balance: what stands on the accounts, how low it gets, and on how many days it is below zero.

The transactions of one day have no order, so a day counts with the lowest balance it shows.
"""

from features.expressions import average, distinct, total
from features.feature import ANY_PURPOSE, WHOLE_LIMIT, define

__all__ = ["FEATURES"]

_OWNER = "credit risk"

FEATURES = (
    define(
        "balance_amt",
        "The balance after the last day with a transaction, over all accounts.",
        lambda d: total(d.low_balance_amt, d.is_last_day),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "balance_low_amt_90d",
        "The lowest balance of any account in the last 90 days.",
        lambda d: (d.age_days < 90).ifelse(d.low_balance_amt, None).min(),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "balance_low_amt_365d",
        "The lowest balance of any account in the last 365 days.",
        lambda d: (d.age_days < 365).ifelse(d.low_balance_amt, None).min(),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "balance_high_amt_90d",
        "The highest balance that any account kept for a day in the last 90 days.",
        lambda d: (d.age_days < 90).ifelse(d.low_balance_amt, None).max(),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "balance_mean_amt_90d",
        "The average balance on days with a transaction, over the last 90 days.",
        lambda d: average(d.low_balance_amt, d.age_days < 90),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "balance_mean_amt_365d",
        "The average balance on days with a transaction, over the last 365 days.",
        lambda d: average(d.low_balance_amt, d.age_days < 365),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "balance_change_amt_180d",
        "The average balance of the last 90 days less that of the 90 days before.",
        lambda d: (
            average(d.low_balance_amt, d.age_days < 90)
            - average(d.low_balance_amt, (d.age_days >= 90) & (d.age_days < 180))
        ),
        grain="day",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "negative_balance_days_180d",
        "Days among the last 180 on which a transaction left a balance below zero.",
        lambda d: distinct(d.age_days, (d.low_balance_amt < 0) & (d.age_days < 180)),
        grain="day",
        owner=_OWNER,
        maximum=180,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "negative_balance_days_365d",
        "Days among the last 365 on which a transaction left a balance below zero.",
        lambda d: distinct(d.age_days, (d.low_balance_amt < 0) & (d.age_days < 365)),
        grain="day",
        owner=_OWNER,
        maximum=365,
        allowed_for=ANY_PURPOSE,
    ),
)
