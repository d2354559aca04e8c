"""Credit line: what the bank grants, how that changed and by whose wish, and what credit was asked for."""

from features.expressions import days_since, number, share, total
from features.feature import ANY_PURPOSE, CREDIT, define

__all__ = ["FEATURES"]

_OWNER = "credit risk"
_YEAR = 365
_CAPPED = f"{_YEAR} stands for that long ago or longer, and for never."
_MOST = 10

FEATURES = (
    define(
        "credit_limit_amt",
        "The limit of all open credit lines together, as it stood at the observation date.",
        lambda a: a.limit_amt.sum(),
        grain="line",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "credit_line_count",
        "Open credit lines; cards that share a limit are one.",
        lambda a: a.count(),
        grain="line",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "credit_line_age_days",
        "Days since the oldest open credit line was opened.",
        lambda a: a.age_days.max(),
        grain="line",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "limit_raise_count_365d",
        "Times that a credit limit was raised in the last 365 days.",
        lambda c: number((c.new_limit_amt > c.old_limit_amt) & (c.age_days < 365)),
        grain="limit_change",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "limit_cut_count_365d",
        "Times that a credit limit was cut in the last 365 days.",
        lambda c: number((c.new_limit_amt < c.old_limit_amt) & (c.age_days < 365)),
        grain="limit_change",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "limit_asked_change_count_365d",
        "Changes of a credit limit that the customer asked for in the last 365 days.",
        lambda c: number((c.initiated_by == "customer") & (c.age_days < 365)),
        grain="limit_change",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "limit_last_change_ratio",
        f"By what share of the old limit the last change moved it: 0.5 is half as much again; {_MOST} for more.",
        lambda c: share(total(c.new_limit_amt - c.old_limit_amt, c.is_last), total(c.old_limit_amt, c.is_last)).clip(
            upper=_MOST
        ),
        grain="limit_change",
        owner=_OWNER,
        minimum=-1.0,
        maximum=_MOST,
        allowed_for=CREDIT,
    ),
    define(
        "limit_change_recency_days",
        f"Days since a credit limit last changed; {_CAPPED}",
        lambda c: days_since(c.age_days, c.new_limit_amt != c.old_limit_amt, _YEAR),
        grain="limit_change",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=CREDIT,
    ),
    define(
        "credit_request_count_365d",
        "Times that the customer asked the bank for credit in the last 365 days.",
        lambda r: number((r.initiated_by == "customer") & (r.age_days < 365)),
        grain="limit_request",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "credit_refusal_count_365d",
        "Requests for credit that the bank refused in the last 365 days.",
        lambda r: number((r.decision == "refused") & (r.age_days < 365)),
        grain="limit_request",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "credit_request_recency_days",
        f"Days since the customer last asked for credit; {_CAPPED}",
        lambda r: days_since(r.age_days, r.initiated_by == "customer", _YEAR),
        grain="limit_request",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=ANY_PURPOSE,
    ),
)
