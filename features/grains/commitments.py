"""What the customer earns by proof, owes elsewhere and here, and repaid."""

from typing import TYPE_CHECKING

import ibis

from features.grains.sources import KEYS, Source, Tables, age_days, contract_columns, known

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["SOURCES"]

_OBLIGATION_COLUMNS = ("enquired_at", "kind", "lender", "limit_amt", "balance_amt", "payment_amt")
_INSTALMENT_COLUMNS = ("kind", "principal_amt", "remaining_amt", "term_months", "payment_amt", "status", "status_at")
_PAYMENT_COLUMNS = ("payment_amt", "source")


def _obligations(pairs: "Table", tables: Tables) -> "Table":
    told = known(pairs, tables["obligations"], "enquired_at", "is_authorised", *_OBLIGATION_COLUMNS)
    o = told.filter(told.is_authorised)
    is_latest = o.enquired_at == o.enquired_at.max().over(group_by=KEYS)
    return o.mutate(age_days=age_days(o, "enquired_at"), is_latest=is_latest)


def _incomes(pairs: "Table", tables: Tables) -> "Table":
    i = known(pairs, tables["incomes"], "evidenced_at", "evidenced_at", "recorded_at", "income_id", "income_amt",
              "evidence_class")  # fmt: skip
    is_verified = i.evidence_class.isin(("A", "B"))
    newest = [i.evidenced_at.desc(), i.recorded_at.desc(), i.income_id.desc()]
    place = ibis.row_number().over(group_by=KEYS, order_by=newest)
    verified_place = ibis.row_number().over(group_by=[*KEYS, is_verified], order_by=newest)
    return i.mutate(
        age_days=age_days(i, "evidenced_at"),
        is_latest=place == 0,
        is_latest_verified=is_verified & (verified_place == 0),
    )


def _instalments(pairs: "Table", tables: Tables) -> "Table":
    told = known(pairs, tables["instalments"], "opened_at", "opened_at", *_INSTALMENT_COLUMNS)
    # A loan that begins at the very moment is the one that is being granted.
    i = told.filter(told.opened_at < told.as_of)
    # What the bank observed after `as_of` was not known then: until then a plan runs as it was agreed.
    is_observed = (i.status_at <= i.as_of).fill_null(False)
    months_paid = i.as_of.delta(i.opened_at, unit="microsecond") // _MONTH_US
    months_left = i.term_months - months_paid
    is_running = (months_left > 0) & ~(is_observed & (i.status == "settled"))
    agreed = (i.principal_amt * months_left.cast("float64") / i.term_months.cast("float64")).round().cast("int64")
    left = (is_observed & i.remaining_amt.notnull()).ifelse(i.remaining_amt, agreed)
    return i.mutate(
        age_days=age_days(i, "opened_at"),
        is_running=is_running,
        left_amt=is_running.ifelse(left, 0),
    )


_MONTH_US = 30_436_875 * 86_400
"""A twelfth of the mean year of the calendar, 365.2425 days, in microseconds."""


def _payments(pairs: "Table", tables: Tables) -> "Table":
    p = known(pairs, tables["payments"], "paid_at", "paid_at", *_PAYMENT_COLUMNS)
    return p.mutate(age_days=age_days(p, "paid_at"))


def _always(table: str, event_time: str) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for name in ("customer_id", event_time, "recorded_at"))


_RUNNING = ("instalments.status", "instalments.status_at", "instalments.term_months")

SOURCES = (
    Source(
        "obligation",
        {
            "age_days": ("int64", ()),
            **contract_columns("obligations", *_OBLIGATION_COLUMNS),
            "is_latest": ("boolean", ("obligations.enquired_at",)),
        },
        (*_always("obligations", "enquired_at"), "obligations.is_authorised"),
        _obligations,
    ),
    Source(
        "income",
        {
            "age_days": ("int64", ()),
            **contract_columns("incomes", "income_amt", "evidence_class"),
            "is_latest": ("boolean", ("incomes.income_id",)),
            "is_latest_verified": ("boolean", ("incomes.income_id", "incomes.evidence_class")),
        },
        _always("incomes", "evidenced_at"),
        _incomes,
    ),
    Source(
        "instalment",
        {
            "age_days": ("int64", ()),
            **contract_columns("instalments", "kind", "payment_amt"),
            "is_running": ("boolean", _RUNNING),
            "left_amt": ("int64", (*_RUNNING, "instalments.principal_amt", "instalments.remaining_amt")),
        },
        _always("instalments", "opened_at"),
        _instalments,
    ),
    Source(
        "payment",
        {"age_days": ("int64", ()), **contract_columns("payments", *_PAYMENT_COLUMNS)},
        _always("payments", "paid_at"),
        _payments,
    ),
)
