"""Offers: how often the customer was asked, what they answered, and how tired of it they may be."""

from features.expressions import days_since, number, share
from features.feature import OFFER, define

__all__ = ["FEATURES"]

_OWNER = "marketing"
_YEAR = 365
_CAPPED = f"{_YEAR} stands for that long ago or longer, and for never."

FEATURES = (
    define(
        "offer_shown_count_30d",
        "Offers shown for the customer in the last 30 days.",
        lambda e: number(e.age_days < 30),
        grain="exposure",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_shown_count_90d",
        "Offers shown for the customer in the last 90 days.",
        lambda e: number(e.age_days < 90),
        grain="exposure",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_shown_count_365d",
        "Offers shown for the customer in the last 365 days.",
        lambda e: number(e.age_days < 365),
        grain="exposure",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_shown_recency_days",
        f"Days since an offer was last shown; {_CAPPED}",
        lambda e: days_since(e.age_days, e.age_days >= 0, _YEAR),
        grain="exposure",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=OFFER,
    ),
    define(
        "offer_fatigue_count_365d",
        "Offers shown in the last 365 days since the customer last accepted one.",
        lambda e: number(e.is_since_acceptance & (e.age_days < 365)),
        grain="exposure",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_pitched_share_ratio_365d",
        "Share of the offers shown in the last 365 days that an agent put to the customer, where it was noted.",
        lambda e: share(
            number((e.is_pitched == True) & (e.age_days < 365)),  # noqa: E712  an expression, not a truth
            number(e.is_pitched.notnull() & (e.age_days < 365)),
        ),
        grain="exposure",
        owner=_OWNER,
        allowed_for=("take_up",),
    ),
    define(
        "offer_accepted_count_365d",
        "Offers that the customer accepted in the last 365 days.",
        lambda o: number((o.outcome == "accepted") & (o.age_days < 365)),
        grain="outcome",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_declined_count_365d",
        "Offers that the customer declined in the last 365 days.",
        lambda o: number((o.outcome == "declined") & (o.age_days < 365)),
        grain="outcome",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_postponed_count_90d",
        "Offers that the customer put off in the last 90 days.",
        lambda o: number((o.outcome == "postponed") & (o.age_days < 90)),
        grain="outcome",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
    define(
        "offer_declined_recency_days",
        f"Days since the customer last declined an offer; {_CAPPED}",
        lambda o: days_since(o.age_days, o.outcome == "declined", _YEAR),
        grain="outcome",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=OFFER,
    ),
    define(
        "offer_declined_share_ratio_365d",
        "Share of the answers of the last 365 days, yes or no, that were no.",
        lambda o: share(
            number((o.outcome == "declined") & (o.age_days < 365)),
            number(o.outcome.isin(("accepted", "declined")) & (o.age_days < 365)),
        ),
        grain="outcome",
        owner=_OWNER,
        allowed_for=OFFER,
    ),
)
