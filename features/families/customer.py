"""The customer: age and length of the relationship."""

from typing import TYPE_CHECKING

from features.feature import ANY_PURPOSE, PERSONAL, define

if TYPE_CHECKING:
    from ibis.expr.types import NumericValue, Table

__all__ = ["FEATURES"]

_OWNER = "customer data"


def _birthdays_passed(c: "Table") -> "NumericValue":
    today, birth = c.as_of.date(), c.birth_date
    is_before_birthday = (today.month() < birth.month()) | (
        (today.month() == birth.month()) & (today.day() < birth.day())
    )
    return today.year() - birth.year() - is_before_birthday.ifelse(1, 0)


def _days_since_joining(c: "Table") -> "NumericValue":
    days = c.as_of.date().delta(c.customer_since, unit="day")
    # A customer who had not joined by then was not known, whatever the table says today.
    return (days >= 0).ifelse(days, None)


FEATURES = (
    define(
        "age_years",
        "Age in completed years; missing where the birth date is not known.",
        _birthdays_passed,
        grain="customer",
        owner=_OWNER,
        maximum=130,
        default=None,
        allowed_for=PERSONAL,
    ),
    define(
        "tenure_days",
        "Days since the customer joined the bank; missing where the date is not known.",
        _days_since_joining,
        grain="customer",
        owner=_OWNER,
        default=None,
        allowed_for=ANY_PURPOSE,
    ),
)
