"""What the words mean that several features share: income, essentials, obligations, standing orders.

Each takes the columns of the contract table `transactions` and gives a condition on one row. A declined
transaction moved no money, so it meets none of them but its own.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table

__all__ = [
    "is_booked",
    "is_credit",
    "is_debit",
    "is_essential",
    "is_income",
    "is_obligation",
    "is_standing_order",
]

# Refunds give back what was spent and interest is the bank's own doing: neither shows what a person earns.
INCOME_KINDS = ("cash_deposit", "transfer_in")
ESSENTIAL_CATEGORIES = ("household", "insurance")
OBLIGATION_CATEGORIES = ("leasing", "loan")
LENT_CATEGORIES = ("loan",)


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
