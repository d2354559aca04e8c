"""Fees and sanctions: what the account costs, what overdrawing it cost, and what was declined."""

from features.expressions import number, total
from features.feature import ANY_PURPOSE, define

__all__ = ["FEATURES"]

_OWNER = "credit risk"

FEATURES = (
    define(
        "fee_count_180d",
        "Fees charged in the last 180 days.",
        lambda t: number(t.is_debit & (t.kind == "fee") & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "fee_sum_amt_180d",
        "Fees paid in the last 180 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.kind == "fee") & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "penalty_interest_count_180d",
        "Times in the last 180 days that interest was charged for a negative balance.",
        lambda t: number(t.is_debit & (t.kind == "penalty_interest") & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "penalty_interest_count_365d",
        "Times in the last 365 days that interest was charged for a negative balance.",
        lambda t: number(t.is_debit & (t.kind == "penalty_interest") & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "penalty_interest_sum_amt_365d",
        "Interest paid for a negative balance in the last 365 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.kind == "penalty_interest") & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "interest_received_sum_amt_365d",
        "Interest credited by the bank in the last 365 days.",
        lambda t: total(t.billing_amt, t.is_credit & (t.kind == "interest") & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "interest_charged_sum_amt_365d",
        "Ordinary interest charged in the last 365 days.",
        lambda t: total(t.billing_amt, t.is_debit & (t.kind == "interest") & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "declined_count_90d",
        "Transactions declined in the last 90 days.",
        lambda t: number(t.is_declined & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "declined_sum_amt_90d",
        "Amount of the transactions declined in the last 90 days.",
        lambda t: total(t.billing_amt, t.is_declined & (t.age_days < 90)),
        grain="transaction",
        owner=_OWNER,
    ),
)
