"""What the customer earns by proof, owes elsewhere and here, and repaid."""

from typing import TYPE_CHECKING

from features.grains.sources import Source, Tables, age_days, contract_columns, known
from features.grains.versions import cut, until_later, versions_of

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["SOURCES"]

_OBLIGATION_COLUMNS = ("enquired_at", "kind", "lender", "limit_amt", "balance_amt", "payment_amt")
_INSTALMENT_COLUMNS = ("kind", "principal_amt", "remaining_amt", "term_months", "payment_amt", "status", "status_at")
_PAYMENT_COLUMNS = ("payment_amt", "source")


def _obligations(tables: Tables) -> "Table":
    told = versions_of(tables["obligations"], "enquired_at", "is_authorised", *_OBLIGATION_COLUMNS)
    o = told.filter(told.is_authorised)
    # The rows of one enquiry are a report; the latest is one until a report of a later enquiry is known.
    reports = o.group_by("customer_id", "event_at").aggregate(known_from=o.known_from.min())
    reports = until_later(reports, "later_known_at", by=("customer_id",), order=("event_at",))
    by = ["customer_id", "event_at"]
    o = o.left_join(reports.select(*by, "later_known_at"), by).drop(*(f"{name}_right" for name in by))
    return cut(o, "is_latest", "later_known_at")


def _incomes(tables: Tables) -> "Table":
    order = ("event_at", "recorded_at", "income_id")
    i = versions_of(tables["incomes"], "evidenced_at", "recorded_at", "income_id", "income_amt", "evidence_class")
    i = i.mutate(is_verified=i.evidence_class.isin(("A", "B")))
    i = until_later(i, "later_known_at", by=("customer_id",), order=order)
    i = until_later(i, "later_verified_at", by=("customer_id", "is_verified"), order=order)
    # What is not verified never is the latest that is.
    i = i.mutate(later_verified_at=i.is_verified.ifelse(i.later_verified_at, i.known_from))
    return cut(cut(i, "is_latest", "later_known_at"), "is_latest_verified", "later_verified_at")


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


def _payments(tables: Tables) -> "Table":
    return versions_of(tables["payments"], "paid_at", *_PAYMENT_COLUMNS)


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
        versions=_obligations,
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
        versions=_incomes,
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
        versions=_payments,
    ),
)
