"""Diversity and concentration: over how many merchants and kinds of them spending spreads, and what weighs most."""

from features.expressions import distinct, largest, share, total
from features.families.spending import BUDGET, group_sum
from features.feature import define

__all__ = ["FEATURES"]

_OWNER = "customer data"

FEATURES = (
    define(
        "merchant_count_90d",
        "Different merchants bought from in the last 90 days.",
        lambda t: distinct(t.merchant_id, t.is_purchase & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "mcc_count_90d",
        "Different kinds of merchants, by category code, bought from in the last 90 days.",
        lambda t: distinct(t.mcc, t.is_purchase & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "country_count_365d",
        "Different countries bought in during the last 365 days.",
        lambda t: distinct(t.country, t.is_purchase & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "top_group_share_ratio_90d",
        "Share of the spending that the largest part of the budget takes, over the last 90 days.",
        lambda t: share(
            largest(*(group_sum(t, groups, 90) for groups, _ in BUDGET.values())),
            total(t.billing_amt, t.is_purchase & (t.age_days < 90)),
        ),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_max_share_ratio_90d",
        "Share of the spending that the largest single purchase takes, over the last 90 days.",
        lambda t: share(
            (t.is_purchase & (t.age_days < 90)).ifelse(t.billing_amt, None).max(),
            total(t.billing_amt, t.is_purchase & (t.age_days < 90)),
        ),
        grain="transaction",
        owner=_OWNER,
    ),
)
