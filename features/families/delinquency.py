"""Delinquency: how far card payments fell behind, how often, and how long ago."""

from features.expressions import days_since, number
from features.feature import CREDIT, define

__all__ = ["FEATURES"]

_OWNER = "credit risk"
_YEAR = 365

FEATURES = (
    define(
        "past_due_days",
        "Days by which the oldest unpaid minimum payment was overdue at the last statements.",
        lambda s: s.is_last.ifelse(s.days_past_due, None).max(),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "past_due_worst_days_180d",
        "The most days by which a payment was overdue at a statement of the last 180 days.",
        lambda s: (s.age_days < 180).ifelse(s.days_past_due, None).max(),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "past_due_worst_days_365d",
        "The most days by which a payment was overdue at a statement of the last 365 days.",
        lambda s: (s.age_days < 365).ifelse(s.days_past_due, None).max(),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "past_due_count_90d",
        "Statements of the last 90 days with a payment overdue.",
        lambda s: number((s.days_past_due > 0) & (s.age_days < 90)),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "past_due_count_365d",
        "Statements of the last 365 days with a payment overdue.",
        lambda s: number((s.days_past_due > 0) & (s.age_days < 365)),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "past_due_month_count_365d",
        "Statements of the last 365 days with a payment overdue by 30 days or more.",
        lambda s: number((s.days_past_due >= 30) & (s.age_days < 365)),
        grain="statement",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "past_due_recency_days",
        f"Days since a statement last closed with a payment overdue; {_YEAR} for as long ago or longer, and never.",
        lambda s: days_since(s.age_days, s.days_past_due > 0, _YEAR),
        grain="statement",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=CREDIT,
    ),
)
