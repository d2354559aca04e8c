"""The four tables that feature expressions read, each holding only what was known at a pair's `as_of`.

transaction  one row per pair and known transaction
month        one row per pair and 30-day month counted back from `as_of`, up to 12, from the month of the
             first known transaction on: a month before it is not one without income, it is not known
day          one row per pair, account and day with a known balance: transactions of one day have no
             order, so the day's lowest balance stands for it
customer     one row per pair

A day is 24 hours counted back from `as_of`: `age_days` 0 is the last of them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis

from features import notions
from features.feature import Grain

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["DAYS_A_MONTH", "GRAIN_COLUMNS", "KEYS", "MONTHS_KEPT", "TRANSACTION_COLUMNS", "grain_tables"]

KEYS = ("customer_id", "as_of")
DAYS_A_MONTH = 30
MONTHS_KEPT = 12
_DAY_US = 86_400_000_000

TRANSACTION_COLUMNS = (
    "customer_id",
    "account_id",
    "posted_at",
    "recorded_at",
    "direction",
    "kind",
    "category",
    "billing_amt",
    "balance_amt",
    "counterparty_id",
    "is_declined",
)

_FLAGS = ("direction", "is_declined")
_MONEY = (*_FLAGS, "billing_amt")

# grain -> column that an expression may name -> its type and the contract columns behind it
GRAIN_COLUMNS: Mapping[Grain, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "transaction": {
        "age_days": ("int64", ()),
        "kind": ("string", ("kind",)),
        "category": ("string", ("category",)),
        "counterparty_id": ("string", ("counterparty_id",)),
        "billing_amt": ("int64", ("billing_amt",)),
        "is_declined": ("boolean", ("is_declined",)),
        "is_booked": ("boolean", ("is_declined",)),
        "is_credit": ("boolean", _FLAGS),
        "is_debit": ("boolean", _FLAGS),
        "is_income": ("boolean", (*_FLAGS, "kind", "category")),
        "is_standing_order": ("boolean", (*_FLAGS, "kind", "category")),
    },
    "month": {
        "month": ("int64", ("is_declined",)),
        "txn_count": ("int64", ("is_declined",)),
        "credit_amt": ("int64", _MONEY),
        "debit_amt": ("int64", _MONEY),
        "income_amt": ("int64", (*_MONEY, "kind", "category")),
        "essential_amt": ("int64", (*_MONEY, "category")),
        "obligation_amt": ("int64", (*_MONEY, "category")),
        "household_amt": ("int64", (*_MONEY, "category")),
        "insurance_amt": ("int64", (*_MONEY, "category")),
    },
    "day": {
        "age_days": ("int64", ("account_id",)),
        "low_balance_amt": ("int64", ("account_id", "balance_amt", "is_declined")),
        "is_last_day": ("boolean", ("account_id", "balance_amt", "is_declined")),
    },
    "customer": {
        "as_of": ("timestamp('UTC', 6)", ()),
        "birth_date": ("date", ("birth_date",)),
        "customer_since": ("date", ("customer_since",)),
    },
}


def grain_tables(pairs: "Table", transactions: "Table", customers: "Table") -> "dict[Grain, Table]":
    """The tables by grain, every one with the KEYS and the columns of GRAIN_COLUMNS.

    `pairs` holds customer_id and as_of without repeats; the others are contract tables.
    """
    known = known_transactions(pairs, transactions)
    return {
        "transaction": known,
        "month": _months(known),
        "day": _days(known),
        "customer": pairs.inner_join(customers, "customer_id").select(
            pairs.customer_id, pairs.as_of, customers.birth_date, customers.customer_since
        ),
    }


def known_transactions(pairs: "Table", transactions: "Table") -> "Table":
    """Transactions that had happened and had been recorded at `as_of`; this is where nothing may leak."""
    t = transactions.select(*TRANSACTION_COLUMNS)
    known = pairs.inner_join(
        t,
        [pairs.customer_id == t.customer_id, t.posted_at <= pairs.as_of, t.recorded_at <= pairs.as_of],
    ).select(pairs.customer_id, pairs.as_of, *(t[name] for name in TRANSACTION_COLUMNS[1:]))
    return known.select(
        *KEYS,
        "account_id",
        "balance_amt",
        "kind",
        "category",
        "counterparty_id",
        "billing_amt",
        "is_declined",
        age_days=known.as_of.delta(known.posted_at, unit="microsecond") // _DAY_US,
        is_booked=notions.is_booked(known),
        is_credit=notions.is_credit(known),
        is_debit=notions.is_debit(known),
        is_income=notions.is_income(known),
        is_essential=notions.is_essential(known),
        is_obligation=notions.is_obligation(known),
        is_standing_order=notions.is_standing_order(known),
    )


def _months(known: "Table") -> "Table":
    booked = known.filter(known.is_booked)
    first = booked.group_by(KEYS).aggregate(first_age_days=booked.age_days.max())
    every_month = ibis.range(0, MONTHS_KEPT).unnest().cast("int64").name("month").as_table()
    counted = first.cross_join(every_month)
    counted = counted.filter(counted.month * DAYS_A_MONTH <= counted.first_age_days)
    recent = booked.mutate(month=booked.age_days // DAYS_A_MONTH)
    recent = recent.filter(recent.month < MONTHS_KEPT)

    def money(condition: "Table") -> "Table":
        return condition.ifelse(recent.billing_amt, None).sum().cast("int64")

    totals = recent.group_by([*KEYS, "month"]).aggregate(
        txn_count=recent.count(),
        credit_amt=money(recent.is_credit),
        debit_amt=money(recent.is_debit),
        income_amt=money(recent.is_income),
        essential_amt=money(recent.is_essential),
        obligation_amt=money(recent.is_obligation),
        household_amt=money(recent.is_debit & (recent.category == "household")),
        insurance_amt=money(recent.is_debit & (recent.category == "insurance")),
    )
    measures = [name for name in GRAIN_COLUMNS["month"] if name != "month"]
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
    told = known.filter(known.is_booked & known.balance_amt.notnull())
    days = told.group_by([*KEYS, "account_id", "age_days"]).aggregate(low_balance_amt=told.balance_amt.min())
    last_age_days = days.age_days.min().over(group_by=[*KEYS, "account_id"])
    return days.mutate(is_last_day=days.age_days == last_age_days)
