"""Months answered as arrays are what DuckDB makes of a row a month, to the bit."""

from collections.abc import Callable
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine.duckdb_sql import sql_of
from features.engine.months import Months
from features.engine.room import Room
from features.engine.walk import NONE
from features.expressions import average, number, share, total
from features.families.trend import lean_month_gap
from features.feature import Feature, define
from features.grains import GRAIN_COLUMNS
from features.grains.sources import contract_table
from features.grains.transactions import DAYS_A_MONTH, MONTHS_KEPT, month_measures
from features.notions import with_notions

TRANSACTIONS = with_notions(contract_table("transactions"))
MEASURES = tuple(month_measures(TRANSACTIONS))
EXPRESSIONS: dict[str, Callable[[Any], Any]] = {
    "sum_amt": lambda m: total(m.income_amt, m.month < 6),
    "earlier_amt": lambda m: total(m.debit_amt, (m.month >= 3) & (m.month < 12)),
    "mean_amt": lambda m: average(m.credit_amt - m.debit_amt, m.month < 6),
    "good_count": lambda m: number((m.month < 6) & (m.income_amt > 0) & (m.credit_amt >= m.debit_amt)),
    "good_amt": lambda m: total(m.debit_amt * 2, (m.month < 12) & (m.income_amt > 0)),
    "lean_amt": lambda m: (m.month < 6).ifelse(m.credit_amt - m.debit_amt, None).quantile(0.25).round(),
    "upper_amt": lambda m: ((m.month < 12) & (m.income_amt > 0)).ifelse(m.debit_amt, None).quantile(0.75),
    "gap_ratio": lambda m: lean_month_gap(m, m.debit_amt, 6),
    "share_ratio": lambda m: share(total(m.income_amt, m.month < 3), total(m.income_amt, m.month < 12)),
}

amounts = st.one_of(st.just(NONE), st.integers(0, 3), st.integers(-(2**50), 2**50))
a_pair = st.tuples(
    st.one_of(st.just(NONE), st.integers(0, 500), st.integers(0, 12).map(lambda month: month * DAYS_A_MONTH)),
    st.lists(amounts, min_size=len(MEASURES) * MONTHS_KEPT, max_size=len(MEASURES) * MONTHS_KEPT),
)


def months_of(expressions: dict[str, Callable[[Any], Any]]) -> Months:
    return Months([a_feature(name, told) for name, told in expressions.items()], TRANSACTIONS)


def a_feature(name: str, expression: Callable[[Any], Any]) -> Feature:
    return define(name, "Some.", expression, grain="month", owner="nobody")


MONTHS = months_of(EXPRESSIONS)


@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(a_pair, min_size=1, max_size=4))
def test_months_answer_as_duckdb_does(pairs: list[tuple[int, list[int]]]) -> None:
    summed = np.array([sums for _, sums in pairs], dtype=np.int64).T.copy()
    ages = np.array([age for age, _ in pairs], dtype=np.int64)
    answers = MONTHS.answers(summed, ages, Room())
    kinds = MONTHS.plan.kinds
    columns = {
        name: pa.array(row.view(kind), mask=row == NONE)
        for row, (name, kind) in zip(answers, kinds.items(), strict=True)
    }
    answered = ibis.table({"pair": "int64", **kinds}, name="answered")
    plain = {
        name: answered[column] if filler is None else answered[column].fill_null(filler)
        for name, (column, filler) in MONTHS.plan.plain.items()
    }
    ours = answered.select("pair", **MONTHS.plan.answers(answered), **plain)
    rows = ibis.table({"pair": "int64", **{name: kind for name, (kind, _) in GRAIN_COLUMNS["month"].items()}}, name="m")
    defined = rows.group_by("pair").aggregate(**{name: told(rows) for name, told in EXPRESSIONS.items()})
    with duckdb.connect() as engine:
        engine.register("answered", pa.table({"pair": range(len(pairs)), **columns}))
        engine.register("m", month_rows(summed, ages))
        found = {row["pair"]: row for row in engine.sql(sql_of(ours)).to_arrow_table().to_pylist()}
        for row in engine.sql(sql_of(defined)).to_arrow_table().to_pylist():
            assert found[row["pair"]] == row


def month_rows(summed: np.ndarray[Any, Any], ages: np.ndarray[Any, Any]) -> pa.Table:
    """A row a pair and month from the first known transaction on; a month without rows holds zeros."""
    rows = []
    for pair, age in enumerate(ages.tolist()):
        by_month = np.where(summed[:, pair] == NONE, 0, summed[:, pair]).reshape(len(MEASURES), MONTHS_KEPT)
        rows += [
            {"pair": pair, "month": month, **dict(zip(MEASURES, by_month[:, month].tolist(), strict=True))}
            for month in range(MONTHS_KEPT)
            if month * DAYS_A_MONTH <= age
        ]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.int64()) for name in ("pair", "month", *MEASURES)]))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (lambda m: (m.month < 6).ifelse(m.income_amt, None).max(), "a sum, a count or a quarter"),
        (lambda m: (m.month < 6).ifelse(m.income_amt, None).quantile(0.1), "a sum, a count or a quarter"),
        (lambda m: total(m.income_amt.abs(), m.month < 6), "a comparison, a sum or a product"),
        (lambda m: total(m.income_amt, m.month <= 6), "month < days"),
    ],
)
def test_months_asked_for_in_another_shape_are_refused(expression: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        months_of({"some_amt": expression})
