"""The three grains made of transactions: the known ones, the months and the days before `as_of`."""

from typing import TYPE_CHECKING

import ibis
from ibis.expr import operations

from features.expressions import number
from features.feature import Grain
from features.grains.sources import KEYS, Columns, Source, Tables, age_days, contract_columns, contract_table, known
from features.notions import NOTIONS, TIME_NOTIONS, with_notions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import BooleanValue, NumericScalar, Table, Value

__all__ = [
    "BASE_COLUMNS",
    "DAYS_A_MONTH",
    "MONTHS_KEPT",
    "SOURCES",
    "first_age_days",
    "has_balance",
    "month_measures",
    "transaction_tables",
]

DAYS_A_MONTH = 30
MONTHS_KEPT = 12

BASE_COLUMNS = (
    "account_id",
    "posted_at",
    "recorded_at",
    "direction",
    "kind",
    "category",
    "mcc",
    "merchant_id",
    "channel",
    "country",
    "billing_amt",
    "currency",
    "original_currency",
    "balance_amt",
    "counterparty_id",
    "is_declined",
)
"""Columns of the contract that a transaction brings along; `with_notions` makes the others of these."""


def _notions() -> Columns:
    made = with_notions(contract_table("transactions"))
    columns = {}
    for name in (*NOTIONS, *TIME_NOTIONS):
        fields = made.op().values[name].find(operations.Field)
        columns[name] = (str(made[name].type()), tuple(sorted(f"transactions.{field.name}" for field in fields)))
    return columns


def _needs(*names: str) -> tuple[str, ...]:
    return tuple(sorted({need for name in names for need in _TRANSACTION[name][1]}))


_TRANSACTION: Columns = {
    "age_days": ("int64", ()),
    **contract_columns("transactions", *BASE_COLUMNS),
    **_notions(),
}
_MONTH: Columns = {
    "month": ("int64", _needs("is_booked")),
    "txn_count": ("int64", _needs("is_booked")),
    "credit_amt": ("int64", _needs("is_credit", "billing_amt")),
    "debit_amt": ("int64", _needs("is_debit", "billing_amt")),
    "income_amt": ("int64", _needs("is_income", "billing_amt")),
    "essential_amt": ("int64", _needs("is_essential", "billing_amt")),
    "obligation_amt": ("int64", _needs("is_obligation", "billing_amt")),
    "household_amt": ("int64", _needs("is_debit", "billing_amt", "category")),
    "insurance_amt": ("int64", _needs("is_debit", "billing_amt", "category")),
}
_DAY: Columns = {
    "age_days": ("int64", _needs("account_id")),
    "low_balance_amt": ("int64", _needs("account_id", "balance_amt", "is_booked")),
    "is_last_day": ("boolean", _needs("account_id", "balance_amt", "is_booked")),
}
_ALWAYS = tuple(f"transactions.{name}" for name in ("customer_id", "posted_at", "recorded_at"))

SOURCES = (
    Source("transaction", _TRANSACTION, _ALWAYS),
    Source("month", _MONTH, _ALWAYS),
    Source("day", _DAY, _ALWAYS),
)


def transaction_tables(pairs: "Table", tables: Tables, time_zone: str) -> "dict[Grain, Table]":
    """The three tables of SOURCES, made of one reading of the known transactions."""
    booked_and_declined = known_transactions(pairs, tables["transactions"], time_zone)
    return {
        "transaction": booked_and_declined,
        "month": _months(booked_and_declined),
        "day": _days(booked_and_declined),
    }


def known_transactions(pairs: "Table", transactions: "Table", time_zone: str) -> "Table":
    """Transactions known at `as_of` with their base columns, their notions and their age."""
    t = known(pairs, transactions, "posted_at", *BASE_COLUMNS)
    return with_notions(t, time_zone).mutate(age_days=age_days(t, "posted_at"))


def month_measures(t: "Table") -> "dict[str, NumericScalar]":
    """What is taken of the transactions of one month, by the names of the month's columns."""

    def money(condition: "BooleanValue") -> "NumericScalar":
        return condition.ifelse(t.billing_amt, None).sum().cast("int64")

    return {
        "txn_count": number(t.is_booked),
        "credit_amt": money(t.is_credit),
        "debit_amt": money(t.is_debit),
        "income_amt": money(t.is_income),
        "essential_amt": money(t.is_essential),
        "obligation_amt": money(t.is_obligation),
        "household_amt": money(t.is_debit & (t.category == "household")),
        "insurance_amt": money(t.is_debit & (t.category == "insurance")),
    }


def first_age_days(t: "Table") -> "NumericScalar":
    """The age of the first transaction: months before it are not known."""
    return t.is_booked.ifelse(t.age_days, None).max()


def has_balance(t: "Table") -> "BooleanValue":
    """It tells the balance of a day."""
    return t.is_booked & t.balance_amt.notnull()


def _lean(known: "Table", read: "Sequence[Value]") -> "Table":
    """The known transactions with the columns that are read alone: every notion else would be planned in vain."""
    named = {field.name for value in read for field in value.op().find(operations.Field, filter=operations.Value)}
    return known.select(*KEYS, *sorted({*named, "age_days"}))


def _months(known: "Table") -> "Table":
    known = _lean(known, [*month_measures(known).values(), first_age_days(known)])
    first = known.group_by(KEYS).aggregate(first_age_days=first_age_days(known))
    every_month = ibis.range(0, MONTHS_KEPT).unnest().cast("int64").name("month").as_table()
    counted = first.cross_join(every_month)
    counted = counted.filter(counted.month * DAYS_A_MONTH <= counted.first_age_days)
    recent = known.mutate(month=known.age_days // DAYS_A_MONTH)
    recent = recent.filter(recent.month < MONTHS_KEPT)
    totals = recent.group_by([*KEYS, "month"]).aggregate(**month_measures(recent))
    measures = [name for name in _MONTH if name != "month"]
    joined = counted.left_join(
        totals,
        [
            counted.customer_id == totals.customer_id,
            counted.as_of == totals.as_of,
            counted.month == totals.month,
        ],
    )
    return joined.select(
        counted.customer_id,
        counted.as_of,
        counted.month,
        **{name: totals[name].fill_null(0) for name in measures},
    )


def _days(known: "Table") -> "Table":
    known = _lean(known, [has_balance(known), known.account_id, known.balance_amt])
    told = known.filter(has_balance(known))
    days = told.group_by([*KEYS, "account_id", "age_days"]).aggregate(low_balance_amt=told.balance_amt.min())
    last_age_days = days.age_days.min().over(group_by=[*KEYS, "account_id"])
    return days.mutate(is_last_day=days.age_days == last_age_days)
