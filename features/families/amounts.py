"""Amounts: how much money moves, its largest pieces, and how much of it as cash."""

from features.expressions import average, share, total
from features.feature import define

__all__ = ["FEATURES"]

_OWNER = "customer data"

FEATURES = (
    define(
        "credit_sum_amt_30d",
        "All money that came in within the last 30 days.",
        lambda t: total(t.billing_amt, t.is_credit & (t.age_days < 30)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "debit_sum_amt_30d",
        "All money that went out within the last 30 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.age_days < 30)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "debit_sum_amt_7d",
        "All money that went out within the last 7 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.age_days < 7)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "credit_sum_amt_90d",
        "All money that came in within the last 90 days.",
        lambda t: total(t.billing_amt, t.is_credit & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "debit_sum_amt_90d",
        "All money that went out within the last 90 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "credit_max_amt_365d",
        "The largest single amount that came in within the last 365 days.",
        lambda t: (t.is_credit & (t.age_days < 365)).ifelse(t.billing_amt, None).max(),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "debit_max_amt_365d",
        "The largest single amount that went out within the last 365 days.",
        lambda t: (t.is_debit & (t.age_days < 365)).ifelse(t.billing_amt, None).max(),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "debit_mean_amt_90d",
        "The average amount going out at a time, over the last 90 days.",
        lambda t: average(t.billing_amt, t.is_debit & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_withdrawal_sum_amt_90d",
        "Cash withdrawn in the last 90 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.kind == "cash_withdrawal") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_deposit_sum_amt_90d",
        "Cash paid in within the last 90 days.",
        lambda t: total(t.billing_amt, t.is_credit & (t.kind == "cash_deposit") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "transfer_out_sum_amt_90d",
        "Money transferred to other accounts in the last 90 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.kind == "transfer_out") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_sum_amt_90d",
        "Spent on purchases in the last 90 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.kind == "purchase") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_withdrawal_share_ratio_180d",
        "Share of the money going out that went out as cash, over the last 180 days.",
        lambda t: share(
            total(t.billing_amt, t.is_debit & (t.kind == "cash_withdrawal") & (t.age_days < 180)),
            total(t.billing_amt, t.is_debit & (t.age_days < 180)),
        ),
        grain="transaction",
        owner=_OWNER,
    ),
)
