"""Comparisons as arrays are those of SQL, row by row."""

from datetime import UTC, datetime, timedelta
from functools import cache

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine.classes import inlined
from features.engine.duckdb_sql import shared_sql
from features.engine.flags import can_tell, told_flags
from features.local_time import local_seconds
from features.notions import TIME_NOTIONS

BASE = ibis.table({"posted_at": "timestamp('UTC', 6)", "amt": "int64", "kind": "string"}, name="rows")
ZONES = ["UTC", "Asia/Shanghai", "Europe/Prague", "America/St_Johns"]
START = datetime(2025, 3, 1, tzinfo=UTC)
SECONDS = st.integers(-70 * 31_557_600, 20 * 31_557_600) | st.integers(0, 60 * 86_400)
"""From before 1970 to after 2040, and around a change of the clock."""


@cache
def flags_of(zone: str) -> list[ibis.expr.operations.Value]:
    made = {name: notion(local_seconds(BASE.posted_at, zone)) for name, notion in TIME_NOTIONS.items()}
    seconds = local_seconds(BASE.posted_at, zone)
    asked = [
        made["is_weekend"],
        seconds % 86_400 > 0,
        seconds % 86_400 < 21_600,
        made["month_third"] == 1,
        made["month_third"] == 3,
        BASE.kind.notnull(),
        BASE.amt >= 500,
    ]
    return [inlined(flag.op()) for flag in asked]


@cache
def sql_of_flags(zone: str) -> str:
    return shared_sql(BASE, {f"f{at}": op for at, op in enumerate(flags_of(zone))})


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=25, deadline=None)
@given(since=st.lists(SECONDS, min_size=1, max_size=40), seed=st.integers(0, 9))
def test_the_clock_and_the_calendar_are_those_of_sql(zone: str, since: list[int], seed: int) -> None:
    moments = [START + timedelta(seconds=at) for at in since]
    chance = np.random.default_rng(seed)
    table = pa.table(
        {
            "posted_at": pa.array(moments, pa.timestamp("us", "UTC")),
            "amt": pa.array(chance.integers(498, 503, len(moments))),
            "kind": pa.array(chance.choice(["a", None], len(moments)), pa.string()),
        }
    )
    flags = flags_of(zone)
    assert all(map(can_tell, flags))
    told = told_flags(table, flags, 3)
    assert told is not None
    with duckdb.connect() as engine:
        engine.register("rows", table)
        expected = engine.sql(sql_of_flags(zone)).fetchall()
    for place, _ in enumerate(reversed(flags)):
        told, digit = np.divmod(told, 3)
        assert [at == 2 for at in digit] == [row[len(flags) - 1 - place] for row in expected]
        assert set(digit.tolist()) <= {1, 2}


def test_days_of_many_rows_are_worked_out_once_each_and_told_to_every_row() -> None:
    moments = [datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=at) for at in range(70_000)]
    table = pa.table({"posted_at": pa.array(moments, pa.timestamp("us", "UTC"))})
    told = told_flags(table, flags_of("UTC")[:1], 3)
    assert told is not None
    assert [at == 2 for at in told] == [moment.weekday() >= 5 for moment in moments]


def test_a_column_with_missing_values_is_left_to_sql() -> None:
    table = pa.table({"amt": pa.array([1, None]), "kind": pa.array(["a", None])})
    assert told_flags(table, [(BASE.amt >= 500).op()], 3) is None
    told = told_flags(table, [BASE.kind.notnull().op()], 3)
    assert told is not None
    assert told.tolist() == [2, 1]


@pytest.mark.parametrize(
    "condition",
    [
        BASE.kind == "a",
        BASE.amt + 1 > 3,
        BASE.amt > 3.5,
        BASE.posted_at > ibis.literal(datetime(2025, 1, 1, tzinfo=UTC)),
        BASE.amt.nullif(3) > 1,
    ],
)
def test_what_may_overflow_or_be_missing_is_left_to_sql(condition: ibis.Value) -> None:
    assert not can_tell(condition.op())
