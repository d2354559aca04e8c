"""A row is known as it stood: from one moment up to another, when something else becomes known."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest

from features.engine.duckdb_sql import sql_of
from features.grains.versions import as_known, cut, until_later, versions_of
from tests.features.builders import NOW, pairs_of

EVENTS = ibis.table(
    {
        "customer_id": "string",
        "happened_at": "timestamp('UTC', 6)",
        "recorded_at": "timestamp('UTC', 6)",
        "ended_at": "timestamp('UTC', 6)",
        "name": "string",
    },
    name="events",
)
PAIRS = ibis.table({"customer_id": "string", "as_of": "timestamp('UTC', 6)"}, name="pairs")
DAY = timedelta(days=1)


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def event(name: str, happened: float, recorded: float, ended: float | None = None) -> dict[str, Any]:
    moments = {"happened_at": happened, "recorded_at": recorded, "ended_at": ended}
    return {"customer_id": "c1", "name": name} | {
        column: None if days is None else NOW + days * DAY for column, days in moments.items()
    }


def known(engine: duckdb.DuckDBPyConnection, versions: Any, events: list[dict[str, Any]], as_of: datetime) -> list[Any]:
    """Name, flag and age of the versions known at the moment, by name."""
    engine.register("events", pa.Table.from_pylist(events, schema=EVENTS.schema().to_pyarrow()))
    engine.register("pairs", pairs_of(("c1", as_of), ("c2", as_of)))
    rows = as_known(PAIRS, versions)
    shown = [name for name in ("name", "is_open", "is_last", "age_days") if name in rows.columns]
    return engine.sql(sql_of(rows.select(*shown).order_by("name"))).fetchall()


OPEN = cut(versions_of(EVENTS, "happened_at", "ended_at", "name"), "is_open", "ended_at")


@pytest.mark.parametrize(
    ("days", "told"),
    [(1.5, []), (2, [("x", True, 2)]), (4, [("x", True, 4)]), (5, [("x", False, 5)]), (99, [("x", False, 99)])],
)
def test_a_case_is_open_from_when_it_is_known_up_to_its_end(
    engine: duckdb.DuckDBPyConnection, days: float, told: list[Any]
) -> None:
    assert known(engine, OPEN, [event("x", 0, 2, 5)], NOW + days * DAY) == told


def test_what_had_ended_before_it_was_recorded_was_never_known_as_open(engine: duckdb.DuckDBPyConnection) -> None:
    assert known(engine, OPEN, [event("x", 0, 5, 2)], NOW + 5 * DAY) == [("x", False, 5)]


def test_what_never_ends_stays_open(engine: duckdb.DuckDBPyConnection) -> None:
    assert known(engine, OPEN, [event("x", 0, 0)], NOW + 999 * DAY) == [("x", True, 999)]


@pytest.mark.parametrize(
    ("days", "last"), [(1, {"a": True}), (4, {"a": False, "c": True}), (6, {"a": False, "b": False, "c": True})]
)
def test_the_last_is_the_last_that_is_known(
    engine: duckdb.DuckDBPyConnection, days: float, last: dict[str, bool]
) -> None:
    events = [event("a", 0, 0), event("b", 1, 5), event("c", 2, 3)]
    later = until_later(
        versions_of(EVENTS, "happened_at", "name"), "later_at", by=("customer_id",), order=("event_at",)
    )
    told = known(engine, cut(later, "is_last", "later_at"), events, NOW + days * DAY)
    assert {name: is_last for name, is_last, _ in told} == last
