"""What the words mean that several features share: income, essentials, obligations, a weekend, a group of merchants.

Each takes the columns of the contract table `transactions` and gives a value of one row, by that row alone: no
window, no join, so that an engine may work it out once for all rows that are alike. A declined transaction moved no
money, so it is none of these but what it was to be.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from features.local_time import day_of_month, local_seconds
from features.merchant_groups import merchant_group

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table, Value

__all__ = [
    "NOTIONS",
    "TIME_NOTIONS",
    "is_booked",
    "is_cash_advance",
    "is_credit",
    "is_debit",
    "is_essential",
    "is_foreign",
    "is_income",
    "is_obligation",
    "is_online",
    "is_purchase",
    "is_refund",
    "is_salary",
    "is_standing_order",
    "with_notions",
]

# Refunds give back what was spent and interest is the bank's own doing: neither shows what a person earns.
INCOME_KINDS = ("cash_deposit", "transfer_in")
ESSENTIAL_CATEGORIES = ("household", "insurance")
OBLIGATION_CATEGORIES = ("leasing", "loan")
LENT_CATEGORIES = ("loan",)
SALARY_CATEGORIES = ("benefit", "pension", "salary")

_DAY_SECONDS = 86_400
_NIGHT_ENDS_SECONDS = 6 * 3_600
# 1 January 1970 was a Thursday, the fourth day of a week that begins on Monday.
_THURSDAY = 3
_SATURDAY = 5


def with_notions(t: "Table", time_zone: str = "UTC") -> "Table":
    """The table with a column for each of NOTIONS and TIME_NOTIONS.

    `t` needs the base columns of features.grains.transactions alone, and no pairs: the columns are the same at
    every observation date. Those of TIME_NOTIONS follow from `posted_at` in the bank's zone, and those of NOTIONS
    from columns of few values.
    """
    seconds = local_seconds(t.posted_at, time_zone)
    local_time = {name: notion(seconds) for name, notion in TIME_NOTIONS.items()}
    return t.mutate(**{name: notion(t) for name, notion in NOTIONS.items()}, **local_time)


def is_booked(t: "Table") -> "BooleanValue":
    """It moved money."""
    return ~t.is_declined


def is_credit(t: "Table") -> "BooleanValue":
    """Money came in."""
    return is_booked(t) & (t.direction == "credit")


def is_debit(t: "Table") -> "BooleanValue":
    """Money went out."""
    return is_booked(t) & (t.direction == "debit")


def is_income(t: "Table") -> "BooleanValue":
    """Money came in that the customer may live on: transfers received and cash paid in, but no loan paid out."""
    is_lent = t.category.isin(LENT_CATEGORIES).fill_null(False)
    return is_credit(t) & t.kind.isin(INCOME_KINDS) & ~is_lent


def is_salary(t: "Table") -> "BooleanValue":
    """Income that names itself a salary, a pension or a benefit."""
    return is_income(t) & t.category.isin(SALARY_CATEGORIES)


def is_essential(t: "Table") -> "BooleanValue":
    """A payment for the household or for insurance."""
    return is_debit(t) & t.category.isin(ESSENTIAL_CATEGORIES)


def is_obligation(t: "Table") -> "BooleanValue":
    """A payment on a loan or a lease."""
    return is_debit(t) & t.category.isin(OBLIGATION_CATEGORIES)


def is_standing_order(t: "Table") -> "BooleanValue":
    """A transfer out that names its purpose, which is how a standing order shows in the transactions.

    Never from a table of orders: one without dates would carry payments that began after `as_of`.
    """
    return is_debit(t) & (t.kind == "transfer_out") & t.category.notnull()


def is_purchase(t: "Table") -> "BooleanValue":
    """Something was bought from a merchant."""
    return is_debit(t) & (t.kind == "purchase")


def is_refund(t: "Table") -> "BooleanValue":
    """A merchant gave money back."""
    return is_credit(t) & (t.kind == "refund")


def is_cash_advance(t: "Table") -> "BooleanValue":
    """Cash was drawn on the credit line."""
    return is_debit(t) & (t.kind == "cash_advance")


def is_foreign(t: "Table") -> "BooleanValue":
    """The customer paid in a currency other than the account's."""
    return (t.original_currency != t.currency).fill_null(False)


def is_online(t: "Table") -> "BooleanValue":
    """It was done over the internet."""
    return (t.channel == "online").fill_null(False)


def _merchant_group(t: "Table") -> "StringValue":
    return merchant_group(t.mcc)


def _is_weekend(seconds: "IntegerValue") -> "BooleanValue":
    return (seconds // _DAY_SECONDS + _THURSDAY) % 7 >= _SATURDAY


def _is_night(seconds: "IntegerValue") -> "BooleanValue":
    # A bank that knows the day alone posts at midnight to the second, and says nothing of the night.
    of_day = seconds % _DAY_SECONDS
    return (of_day > 0) & (of_day < _NIGHT_ENDS_SECONDS)


def _month_third(seconds: "IntegerValue") -> "IntegerValue":
    day = day_of_month(seconds // _DAY_SECONDS)
    return (day <= 10).ifelse(1, (day <= 20).ifelse(2, 3))


NOTIONS: "Mapping[str, Callable[[Table], Value]]" = {
    "is_booked": is_booked,
    "is_credit": is_credit,
    "is_debit": is_debit,
    "is_income": is_income,
    "is_salary": is_salary,
    "is_essential": is_essential,
    "is_obligation": is_obligation,
    "is_standing_order": is_standing_order,
    "is_purchase": is_purchase,
    "is_refund": is_refund,
    "is_cash_advance": is_cash_advance,
    "is_foreign": is_foreign,
    "is_online": is_online,
    "merchant_group": _merchant_group,
}
"""By column name, from the base columns of a transaction."""

TIME_NOTIONS: "Mapping[str, Callable[[IntegerValue], Value]]" = {
    "is_weekend": _is_weekend,
    "is_night": _is_night,
    "month_third": _month_third,
}
"""By column name, from the seconds of the bank's wall clock (features.local_time)."""
