"""Offers that were shown, what customers answered, calls, and cases: how the customer was served."""

from typing import TYPE_CHECKING

from features.grains.sources import Source, Tables, contract_columns
from features.grains.versions import cut, versions_of

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["SOURCES"]

_ACCEPTED = "accepted"


def _exposures(tables: Tables) -> "Table":
    e = versions_of(tables["exposures"], "shown_at", "exposure_id", "is_pitched", "channel")
    answers = versions_of(tables["outcomes"], "occurred_at", "outcome")
    yes = answers.filter(answers.outcome == _ACCEPTED)
    since = e.inner_join(yes, [e.customer_id == yes.customer_id, e.event_at <= yes.event_at])
    since = since.select(e.exposure_id, accepted_from=yes.known_from)
    since = since.group_by("exposure_id").aggregate(accepted_from=since.accepted_from.min())
    told = e.left_join(since, "exposure_id").drop("exposure_id_right")
    return cut(told, "is_since_acceptance", "accepted_from")


def _outcomes(tables: Tables) -> "Table":
    return versions_of(tables["outcomes"], "occurred_at", "outcome")


def _calls(tables: Tables) -> "Table":
    return versions_of(tables["calls"], "started_at", "reason")


def _cases(tables: Tables) -> "Table":
    return cut(versions_of(tables["cases"], "opened_at", "closed_at", "kind"), "is_open", "closed_at")


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
        versions=_exposures,
    ),
    Source(
        "outcome",
        {"age_days": ("int64", ()), **contract_columns("outcomes", "outcome")},
        _always("outcomes", "occurred_at"),
        versions=_outcomes,
    ),
    Source(
        "call",
        {"age_days": ("int64", ()), **contract_columns("calls", "reason")},
        _always("calls", "started_at"),
        versions=_calls,
    ),
    Source(
        "case",
        {"age_days": ("int64", ()), **contract_columns("cases", "kind"), "is_open": ("boolean", ("cases.closed_at",))},
        _always("cases", "opened_at"),
        versions=_cases,
    ),
)
