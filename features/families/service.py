"""Calls and cases: what the customer called about, and what stands open between them and the bank.

The tone of a call is no feature: how a customer spoke is not to follow them. Complaints and disputes are a customer's
right; they decide what an agent may bring up, and never what credit is given or what it costs.
"""

from features.expressions import days_since, number
from features.feature import OFFER, define

__all__ = ["FEATURES"]

_OWNER = "customer service"
_YEAR = 365

FEATURES = (
    define(
        "call_count_30d",
        "Calls in the last 30 days.",
        lambda c: number(c.age_days < 30),
        grain="call",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "call_count_90d",
        "Calls in the last 90 days.",
        lambda c: number(c.age_days < 90),
        grain="call",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "call_count_365d",
        "Calls in the last 365 days.",
        lambda c: number(c.age_days < 365),
        grain="call",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "call_recency_days",
        f"Days since the last call; {_YEAR} stands for that long ago or longer, and for never.",
        lambda c: days_since(c.age_days, c.age_days >= 0, _YEAR),
        grain="call",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=OFFER,
    ),
    define(
        "limit_call_count_365d",
        "Calls about the credit limit in the last 365 days.",
        lambda c: number((c.reason == "limit") & (c.age_days < 365)),
        grain="call",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "card_call_count_365d",
        "Calls about a card in the last 365 days.",
        lambda c: number((c.reason == "card") & (c.age_days < 365)),
        grain="call",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "difficulty_call_count_180d",
        "Calls about difficulty in paying, in the last 180 days.",
        lambda c: number((c.reason == "payment_difficulty") & (c.age_days < 180)),
        grain="call",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "complaint_call_count_365d",
        "Calls to complain, in the last 365 days.",
        lambda c: number((c.reason == "complaint") & (c.age_days < 365)),
        grain="call",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "open_complaint_count",
        "Complaints that stand open.",
        lambda c: number(c.is_open & (c.kind == "complaint")),
        grain="case",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "open_dispute_count",
        "Disputes over a payment that stand open.",
        lambda c: number(c.is_open & (c.kind == "dispute")),
        grain="case",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "open_hardship_count",
        "Cases of hardship, collections or bereavement that stand open.",
        lambda c: number(c.is_open & c.kind.isin(("hardship", "collections", "bereavement"))),
        grain="case",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "case_count_365d",
        "Cases of any kind that were opened in the last 365 days.",
        lambda c: number(c.age_days < 365),
        grain="case",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
)
