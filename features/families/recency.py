"""Recency: how long ago something last happened, and how long the customer has been seen at all."""

from features.expressions import at_most
from features.feature import ANY_PURPOSE, define

__all__ = ["FEATURES"]

_OWNER = "customer data"
_YEAR = 365
_CAPPED = f"{_YEAR} stands for that long ago or longer, and for never."

FEATURES = (
    define(
        "txn_recency_days",
        f"Days since the last transaction of any kind; {_CAPPED}",
        lambda t: at_most(t.is_booked.ifelse(t.age_days, None).min(), _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_recency_days",
        f"Days since a transfer was last received or cash last paid in; {_CAPPED}",
        lambda t: at_most(t.is_income.ifelse(t.age_days, None).min(), _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "debit_recency_days",
        f"Days since money last went out; {_CAPPED}",
        lambda t: at_most(t.is_debit.ifelse(t.age_days, None).min(), _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
    ),
    define(
        "cash_withdrawal_recency_days",
        f"Days since cash was last withdrawn; {_CAPPED}",
        lambda t: at_most((t.is_debit & (t.kind == "cash_withdrawal")).ifelse(t.age_days, None).min(), _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
    ),
    define(
        "penalty_interest_recency_days",
        f"Days since interest was last charged for a negative balance; {_CAPPED}",
        lambda t: at_most((t.is_debit & (t.kind == "penalty_interest")).ifelse(t.age_days, None).min(), _YEAR),
        grain="transaction",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "history_days",
        "Days since the first transaction: how much the other features have to go by.",
        lambda t: t.is_booked.ifelse(t.age_days, None).max(),
        grain="transaction",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
)
