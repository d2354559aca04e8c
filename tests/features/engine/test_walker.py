"""One walk over classified rows gives what DuckDB gives for the same expressions, pair by pair."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.engine.classes import Classifier, inlined
from features.engine.duckdb_sql import shared_sql, sql_of
from features.engine.plan import Plan, plan_of
from features.engine.walk import DAY_US, NONE
from features.engine.walker import Walker
from features.expressions import distinct, number, total

BASE = ibis.table(
    {"kind": "string", "shop": "string", "amt": "int64", "is_declined": "boolean", "hour": "int64"}, name="base_rows"
)
ROWS = BASE.mutate(
    is_big=BASE.amt > 500, is_booked=~BASE.is_declined, group=(BASE.kind == "a").ifelse("x", BASE.kind)
).mutate(age_days=ibis.literal(0, "int64"))
DERIVED = ROWS.mutate(is_big_booking=ROWS.is_big & ROWS.is_booked)


def plan(rows: Any) -> Plan:
    night = rows.is_booked & (rows.hour < 6)
    return plan_of(
        {
            "all": number(rows.is_booked),
            "sum": total(rows.amt, rows.is_booked & (rows.kind == "a") & (rows.age_days < 30)),
            "older": total(rows.amt, rows.is_booked & (rows.age_days >= 30) & (rows.age_days < 90)),
            "night": total(rows.amt, night & (rows.age_days < 90)),
            "big": number(rows.is_big_booking & ~(rows.kind == "b")),
            "least": (rows.is_booked & (rows.age_days < 90)).ifelse(rows.amt, None).min(),
            "most": (rows.is_declined & (rows.age_days >= 7)).ifelse(rows.amt, None).max(),
            "known": rows.is_booked.ifelse(rows.amt, None).count(),
            "shops": distinct(rows.shop, rows.is_booked & (rows.age_days < 90)),
            "groups": distinct(rows.group, rows.is_booked),
            "days": distinct(rows.age_days, rows.is_booked & (rows.age_days < 30)),
            "recency": rows.is_booked.ifelse(rows.age_days, None).min(),
        },
        "r",
    )


PLAN = plan(DERIVED)
WALKER = Walker(BASE, ("kind", "is_declined"), PLAN.asked)

rows = st.lists(
    st.fixed_dictionaries(
        {
            "customer": st.integers(0, 2),
            "posted": st.integers(0, 200 * DAY_US) | st.integers(0, 200).map(lambda days: days * DAY_US),
            "late": st.sampled_from([0, 0, 1, 40 * DAY_US]),
            "kind": st.sampled_from(["a", "b", None]),
            "shop": st.sampled_from(["s", "t", "u", None]),
            "amt": st.none() | st.integers(-(10**12), 10**12) | st.sampled_from([500, 501]),
            "is_declined": st.booleans(),
            "hour": st.integers(0, 23),
        }
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    given_rows=rows, pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200 * DAY_US)), min_size=1, max_size=5)
)
def test_a_walk_answers_as_duckdb_does(
    engine: duckdb.DuckDBPyConnection, given_rows: list[dict[str, Any]], pairs: list[tuple[int, int]]
) -> None:
    ordered = sorted(given_rows, key=lambda row: (row["customer"], row["posted"]))
    schema = pa.schema(
        [("customer", pa.int64()), ("posted", pa.int64()), ("late", pa.int64())]
        + [(name, pa.type_for_alias(str(kind))) for name, kind in BASE.schema().items()]
    )
    table = pa.Table.from_pylist(ordered, schema=schema)
    posted = table["posted"].to_numpy()
    customers = table["customer"].to_numpy()
    laid_out = WALKER.lay_out(engine, table, posted, posted + table["late"].to_numpy())
    wanted = np.array([customer for customer, _ in pairs])
    first, end = np.searchsorted(customers, wanted), np.searchsorted(customers, wanted, side="right")
    found = laid_out.answers(first, end, np.array([now for _, now in pairs]))
    for place, (customer, now) in enumerate(pairs):
        engine.register("base_rows", table)
        known = engine.sql(
            f"SELECT *, ({now} - posted) // {DAY_US} AS true_age FROM base_rows "
            f"WHERE customer = {customer} AND posted <= {now} AND posted + late <= {now}"
        ).to_arrow_table()
        answers = _defined(engine, known)
        ours = [None if answer == NONE else int(answer) for answer in found[:, place]]
        assert ours == answers


def _defined(engine: duckdb.DuckDBPyConnection, known: pa.Table) -> list[int | None]:
    """The reductions as DuckDB computes them from the known rows of a pair."""
    engine.register("known_rows", known)
    (row,) = engine.execute(_defining_sql()).fetchall()
    return [None if value is None else int(value) for value in row]


@cache
def _defining_sql() -> str:
    """The same for any rows."""
    base = ibis.table({**BASE.schema(), "true_age": "int64"}, name="known_rows")
    same = base.mutate(
        is_big=base.amt > 500, is_booked=~base.is_declined, group=(base.kind == "a").ifelse("x", base.kind)
    )
    same = same.mutate(age_days=same.true_age, is_big_booking=same.is_big & same.is_booked)
    plain = plan(same)
    reductions = {
        f"r{place}": _reduction(same, one.measure.how, one.measure.value, one.measure.where, one.window)
        for place, one in enumerate(plain.asked)
    }
    return sql_of(same.aggregate(**reductions))


def _reduction(table: Any, how: str, value: Any, where: Any, window: Any) -> Any:
    condition = ibis.literal(True) if where is None else where.to_expr()
    condition = condition & (table.age_days >= window.start)
    if window.end is not None:
        condition = condition & (table.age_days < window.end)
    taken = condition.ifelse(1 if value is None else value.to_expr(), None)
    return getattr(taken, {"distinct": "nunique"}.get(how, how))()


def test_a_derived_column_is_replaced_down_to_the_table_itself() -> None:
    assert inlined(DERIVED.is_big_booking.op()) == ((BASE.amt > 500) & ~BASE.is_declined).op()


KINDS_AND_AMOUNTS = [("a", 501), ("b", 600), ("a", 10**6), ("a", 500), (None, None)]


def test_rows_alike_in_their_few_values_and_comparisons_are_one_class(engine: duckdb.DuckDBPyConnection) -> None:
    is_big, is_a = inlined(DERIVED.is_big_booking.op()), (BASE.kind == "a").op()
    classify = Classifier(BASE, ("kind", "is_declined"), [is_big, is_a])
    table = pa.Table.from_pylist(
        [{"kind": kind, "amt": amt, "is_declined": False} for kind, amt in KINDS_AND_AMOUNTS],
        schema=BASE.schema().to_pyarrow(),
    )
    engine.register("base_rows", table)
    classed = classify(engine, table)
    assert classed.class_of[0] == classed.class_of[2]
    assert len(set(classed.class_of)) == 4
    met = classed.meets[classed.class_of]
    assert met[:, 0].tolist() == [True, True, True, False, False]
    assert met[:, 1].tolist() == [True, False, True, True, False]


def test_a_version_counts_until_the_next_one_is_known(engine: duckdb.DuckDBPyConnection) -> None:
    rows = BASE.mutate(age_days=ibis.literal(0, "int64"))
    ratio = rows.is_declined.ifelse(rows.amt.cast("float64") / rows.hour.nullif(0).cast("float64"), None)
    asked = plan_of({"sum": total(rows.amt, rows.age_days < 30), "most": ratio.max(), "least": ratio.min()}, "r").asked
    walker = Walker(BASE, ("is_declined",), asked)
    told = [(10, 3, True, 0, 5), (-7, 2, True, 2, 9), (100, 8, False, 5, 9), (-1, 3, True, 9, None), (4, 0, True, 9, 9)]
    table = pa.Table.from_pylist(
        [{"amt": amt, "hour": hour, "is_declined": is_declined} for amt, hour, is_declined, *_ in told],
        schema=BASE.schema().to_pyarrow(),
    )
    since, until = (np.array([row[at] if row[at] is not None else 2**62 for row in told]) for at in (3, 4))
    laid_out = walker.lay_out(engine, table, np.zeros(len(told), np.int64), since, until)
    runs = np.zeros(5, np.int64), np.full(5, len(told))
    found = laid_out.answers(*runs, np.array([-1, 0, 4, 5, 9]))
    assert found[0].tolist() == [NONE, 10, 3, 93, -1]
    assert laid_out.ratios == [1, 2]
    assert found[1:, 0].tolist() == [NONE, NONE]
    assert found[1:, 1:].view(np.float64).tolist() == [[10 / 3, 10 / 3, -3.5, -1 / 3], [10 / 3, -3.5, -3.5, -1 / 3]]


def test_ages_are_counted_apart_within_a_window_alone() -> None:
    with pytest.raises(ValueError, match="age_days < days"):
        Walker(BASE, (), plan_of({"days": distinct(DERIVED.age_days, DERIVED.is_booked)}, "r").asked)


def test_only_whole_numbers_are_summed() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        Walker(BASE, (), plan_of({"sum": total(DERIVED.amt / 2, DERIVED.is_booked)}, "r").asked)


def test_what_expressions_share_is_computed_in_a_step_before() -> None:
    twice = (BASE.amt + 1) * (BASE.amt + 1)
    named = {"square": twice.op(), "big": (twice > 100).op(), "small": (BASE.amt + 1 < 3).op()}
    sql = shared_sql(BASE, named)
    assert sql.count("+ 1") == 1
    with duckdb.connect() as engine:
        base = pa.Table.from_pylist([{"amt": 1}, {"amt": 9}, {"amt": None}], schema=BASE.schema().to_pyarrow())
        engine.register("base_rows", base)
        assert engine.sql(sql).fetchall() == [(4, False, True), (100, False, False), (None, None, None)]
