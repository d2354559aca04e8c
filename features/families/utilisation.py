"""Utilisation and repayment: how much of the line is drawn when a statement closes, and how it is paid back."""

from typing import TYPE_CHECKING

from features.expressions import at_most, number, share, total
from features.feature import ANY_PURPOSE, CREDIT, WHOLE_LIMIT, define

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, NumericScalar, NumericValue, Table

__all__ = ["FEATURES"]

_OWNER = "credit risk"
# A line cut to almost nothing leaves a debt many times as large; what lies above says no more.
_MOST = 10
# A payment that rounds the minimum up is still one of the minimum.
_MINIMUM_MARGIN = 1.1


def _positive(value: "NumericValue") -> "NumericValue":
    return (value > 0).ifelse(value, 0)


def _utilisation(s: "Table", where: "BooleanValue") -> "NumericScalar":
    has_line = where & (s.limit_amt > 0)
    return share(total(_positive(s.balance_amt), has_line), total(s.limit_amt, has_line))


def _is_unpaid(s: "Table") -> "BooleanValue":
    return (s.balance_amt > 0) & (s.paid_amt < s.balance_amt)


FEATURES = (
    define(
        "utilisation_ratio",
        f"Share of the credit line that was drawn when the last statements closed; {_MOST} stands for more.",
        lambda s: _utilisation(s, s.is_last).clip(upper=_MOST),
        grain="statement",
        owner=_OWNER,
        maximum=_MOST,
        allowed_for=CREDIT,
    ),
    define(
        "utilisation_mean_ratio_180d",
        "Share of the credit line that was drawn at the statements of the last 180 days, on average.",
        lambda s: _utilisation(s, s.age_days < 180).clip(upper=_MOST),
        grain="statement",
        owner=_OWNER,
        maximum=_MOST,
        allowed_for=CREDIT,
    ),
    define(
        "utilisation_peak_ratio_365d",
        "The largest share of a credit line that was drawn at a statement of the last 365 days.",
        lambda s: (
            ((s.age_days < 365) & (s.limit_amt > 0))
            .ifelse(_positive(s.balance_amt).cast("float64") / s.limit_amt.nullif(0).cast("float64"), None)
            .max()
            .clip(upper=_MOST)
        ),
        grain="statement",
        owner=_OWNER,
        maximum=_MOST,
        allowed_for=CREDIT,
    ),
    define(
        "utilisation_change_ratio_180d",
        "The share of the line drawn in the last 90 days less that in the 90 days before.",
        lambda s: (
            _utilisation(s, s.age_days < 90).clip(upper=_MOST)
            - _utilisation(s, (s.age_days >= 90) & (s.age_days < 180)).clip(upper=_MOST)
        ),
        grain="statement",
        owner=_OWNER,
        minimum=-_MOST,
        maximum=_MOST,
        allowed_for=CREDIT,
    ),
    define(
        "statement_balance_amt",
        "Owed on cards when the last statements closed; below zero where the bank owes the customer.",
        lambda s: total(s.balance_amt, s.is_last),
        grain="statement",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "statement_count_365d",
        "Card statements of the last 365 days: how much the features of statements have to go by.",
        lambda s: number(s.age_days < 365),
        grain="statement",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "payment_ratio_180d",
        "Share of the balances of the last 180 days' statements that was paid by the time each was recorded.",
        lambda s: at_most(
            share(
                total(s.paid_amt, (s.balance_amt > 0) & (s.age_days < 180)),
                total(s.balance_amt, (s.balance_amt > 0) & (s.age_days < 180)),
            ),
            1,
        ),
        grain="statement",
        owner=_OWNER,
        default=1.0,
        allowed_for=CREDIT,
    ),
    define(
        "full_payment_count_365d",
        "Statements of the last 365 days that were paid in full.",
        lambda s: number((s.balance_amt > 0) & (s.paid_amt >= s.balance_amt) & (s.age_days < 365)),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "minimum_payment_count_365d",
        "Statements of the last 365 days of which the minimum payment was paid, or hardly more.",
        lambda s: number(
            _is_unpaid(s)
            & (s.minimum_due_amt > 0)
            & (s.paid_amt >= s.minimum_due_amt)
            & (s.paid_amt <= s.minimum_due_amt * _MINIMUM_MARGIN)
            & (s.age_days < 365)
        ),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "short_payment_count_365d",
        "Statements of the last 365 days of which less than the minimum payment was paid.",
        lambda s: number(_is_unpaid(s) & (s.paid_amt < s.minimum_due_amt) & (s.age_days < 365)),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
)
