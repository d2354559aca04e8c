"""Spending: what is bought, in groups of merchants that a credit officer would recognise, and how that changes.

The groups are those of features.merchant_groups. Some say more of a person than a lender may know: gambling, health
and pawnbrokers tell an agent where to take care, and no model hears of them; belief, intimate life and dealings with
the law are told to nobody, for a figure that nobody may use is best never made.
"""

from typing import TYPE_CHECKING

from features.expressions import number, share, total
from features.feature import Feature, define

if TYPE_CHECKING:
    from ibis.expr.types import NumericScalar, Table

__all__ = ["BUDGET", "FEATURES", "group_sum"]

_OWNER = "customer data"

BUDGET: dict[str, tuple[tuple[str, ...], str]] = {
    "groceries": (("groceries",), "groceries"),
    "dining": (("dining",), "restaurants and bars"),
    "transport": (("fuel", "transport"), "fuel, trains, buses and taxis"),
    "travel": (("travel",), "flights, hotels and hired cars"),
    "retail": (("retail", "online_retail", "luxury"), "goods in shops and over the internet"),
    "home": (("home",), "furniture, tools and repairs at home"),
    "utilities": (("utilities",), "telephone, power and water"),
    "leisure": (("leisure",), "cinema, sport and other leisure"),
    "cash_like": (("cash_like",), "money orders, stored value and other things that are as good as cash"),
}
"""Name of a part of the budget -> the groups of merchants in it, and what that is in words."""


def group_sum(t: "Table", groups: tuple[str, ...], days: int) -> "NumericScalar":
    """Spent at merchants of these groups within so many days."""
    return total(t.billing_amt, t.is_purchase & t.merchant_group.isin(groups) & (t.age_days < days))


def _part(name: str, days: int) -> Feature:
    groups, words = BUDGET[name]
    return define(
        f"{name}_sum_amt_{days}d",
        f"Spent on {words} in the last {days} days.",
        lambda t: group_sum(t, groups, days),
        grain="transaction",
        owner=_OWNER,
    )


FEATURES = (
    define(
        "purchase_sum_amt_7d",
        "Spent on purchases in the last 7 days.",
        lambda t: total(t.billing_amt, t.is_purchase & (t.age_days < 7)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_sum_amt_30d",
        "Spent on purchases in the last 30 days.",
        lambda t: total(t.billing_amt, t.is_purchase & (t.age_days < 30)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_sum_amt_180d",
        "Spent on purchases in the last 180 days.",
        lambda t: total(t.billing_amt, t.is_purchase & (t.age_days < 180)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_sum_amt_365d",
        "Spent on purchases in the last 365 days.",
        lambda t: total(t.billing_amt, t.is_purchase & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_count_7d",
        "Purchases in the last 7 days.",
        lambda t: number(t.is_purchase & (t.age_days < 7)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_count_365d",
        "Purchases in the last 365 days.",
        lambda t: number(t.is_purchase & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "purchase_trend_ratio_90d",
        "Spending a day, the last 30 days against the last 90: 1 is level, above 1 is growing.",
        lambda t: share(
            total(t.billing_amt, t.is_purchase & (t.age_days < 30)) * 3,
            total(t.billing_amt, t.is_purchase & (t.age_days < 90)),
        ),
        grain="transaction",
        owner=_OWNER,
        maximum=3.0,
        default=1.0,
    ),
    *(_part(name, 90) for name in BUDGET),
    _part("travel", 365),
    _part("cash_like", 365),
    define(
        "gambling_sum_amt_90d",
        "Spent on gambling in the last 90 days.",
        lambda t: group_sum(t, ("gambling",), 90),
        grain="transaction",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "gambling_count_30d",
        "Payments for gambling in the last 30 days.",
        lambda t: number(t.is_purchase & (t.merchant_group == "gambling") & (t.age_days < 30)),
        grain="transaction",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "health_sum_amt_180d",
        "Spent at doctors, hospitals and pharmacies in the last 180 days.",
        lambda t: group_sum(t, ("health",), 180),
        grain="transaction",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
    define(
        "pawn_count_365d",
        "Payments to pawnbrokers in the last 365 days.",
        lambda t: number(t.is_purchase & (t.merchant_group == "pawn") & (t.age_days < 365)),
        grain="transaction",
        owner=_OWNER,
        allowed_for=("eligibility",),
    ),
)
