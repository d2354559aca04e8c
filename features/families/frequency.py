"""Frequency: how often money moves, by direction and kind."""

from features.expressions import distinct, number
from features.feature import define

__all__ = ["FEATURES"]

_OWNER = "customer data"

FEATURES = (
    define(
        "txn_count_7d",
        "Transactions in the last 7 days.",
        lambda t: number(t.is_booked & (t.age_days < 7)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "txn_count_30d",
        "Transactions in the last 30 days.",
        lambda t: number(t.is_booked & (t.age_days < 30)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "txn_count_90d",
        "Transactions in the last 90 days.",
        lambda t: number(t.is_booked & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "txn_count_365d",
        "Transactions in the last 365 days.",
        lambda t: number(t.is_booked & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "credit_count_90d",
        "Times that money came in within the last 90 days.",
        lambda t: number(t.is_credit & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "debit_count_90d",
        "Times that money went out within the last 90 days.",
        lambda t: number(t.is_debit & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_withdrawal_count_90d",
        "Cash withdrawals in the last 90 days.",
        lambda t: number(t.is_debit & (t.kind == "cash_withdrawal") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "cash_deposit_count_90d",
        "Times that cash was paid in within the last 90 days.",
        lambda t: number(t.is_credit & (t.kind == "cash_deposit") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_count_90d",
        "Purchases in the last 90 days.",
        lambda t: number(t.is_debit & (t.kind == "purchase") & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "active_days_90d",
        "Days with at least one transaction among the last 90.",
        lambda t: distinct(t.age_days, t.is_booked & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
        maximum=90,
    ),
    define(
        "counterparty_count_180d",
        "Different accounts that money was sent to or received from in the last 180 days.",
        lambda t: distinct(t.counterparty_id, t.is_booked & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
    ),
)
