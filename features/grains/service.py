"""Offers that were shown, what customers answered, calls, and cases: how the customer was served."""

from typing import TYPE_CHECKING

from features.grains.sources import KEYS, Source, Tables, age_days, contract_columns, known

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["SOURCES"]

_ACCEPTED = "accepted"


def _exposures(pairs: "Table", tables: Tables) -> "Table":
    shown = known(pairs, tables["exposures"], "shown_at", "shown_at", "is_pitched", "channel")
    answers = known(pairs, tables["outcomes"], "occurred_at", "occurred_at", "outcome")
    yes = answers.filter(answers.outcome == _ACCEPTED)
    last_yes = yes.group_by(KEYS).aggregate(accepted_at=yes.occurred_at.max())
    e = shown.left_join(last_yes, list(KEYS)).drop(*(f"{key}_right" for key in KEYS))
    is_since = e.accepted_at.isnull() | (e.shown_at > e.accepted_at)
    return e.mutate(age_days=age_days(e, "shown_at"), is_since_acceptance=is_since)


def _outcomes(pairs: "Table", tables: Tables) -> "Table":
    o = known(pairs, tables["outcomes"], "occurred_at", "occurred_at", "outcome")
    return o.mutate(age_days=age_days(o, "occurred_at"))


def _calls(pairs: "Table", tables: Tables) -> "Table":
    c = known(pairs, tables["calls"], "started_at", "started_at", "reason")
    return c.mutate(age_days=age_days(c, "started_at"))


def _cases(pairs: "Table", tables: Tables) -> "Table":
    c = known(pairs, tables["cases"], "opened_at", "opened_at", "closed_at", "kind")
    return c.mutate(age_days=age_days(c, "opened_at"), is_open=c.closed_at.isnull() | (c.closed_at > c.as_of))


def _always(table: str, event_time: str) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for name in ("customer_id", event_time, "recorded_at"))


SOURCES = (
    Source(
        "exposure",
        {
            "age_days": ("int64", ()),
            **contract_columns("exposures", "is_pitched", "channel"),
            "is_since_acceptance": ("boolean", ("outcomes.outcome", *_always("outcomes", "occurred_at"))),
        },
        _always("exposures", "shown_at"),
        _exposures,
    ),
    Source(
        "outcome",
        {"age_days": ("int64", ()), **contract_columns("outcomes", "outcome")},
        _always("outcomes", "occurred_at"),
        _outcomes,
    ),
    Source(
        "call",
        {"age_days": ("int64", ()), **contract_columns("calls", "reason")},
        _always("calls", "started_at"),
        _calls,
    ),
    Source(
        "case",
        {"age_days": ("int64", ()), **contract_columns("cases", "kind"), "is_open": ("boolean", ("cases.closed_at",))},
        _always("cases", "opened_at"),
        _cases,
    ),
)
