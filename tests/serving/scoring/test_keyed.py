"""Tables by customer: the same answers as a plain walk over the rows."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.moments import NEVER, microseconds
from serving.scoring.keyed import keyed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
IDS = pa.array([f"C{i}" for i in range(5)])
MOMENT = pa.timestamp("us", tz="UTC")


def a_table(rows: list[tuple[str, int | None, int, float | None, str | None]]) -> pa.Table:
    names = ("customer_id", "at", "recorded_at", "amount", "kind")
    values = [list(column) for column in zip(*rows, strict=True)] or [[]] * 5
    moments = [[None if day is None else NOW + timedelta(days=day) for day in values[i]] for i in (1, 2)]
    types = (pa.string(), MOMENT, MOMENT, pa.float64(), pa.string())
    columns = (values[0], *moments, values[3], values[4])
    return pa.table([pa.array(one, kind) for one, kind in zip(columns, types, strict=True)], names=names)


row = st.tuples(
    st.sampled_from(["C0", "C1", "C2", "C3", "C4", "stranger"]),
    st.none() | st.integers(-9, 9),
    st.integers(-9, 9),
    st.none() | st.floats(-99, 99),
    st.none() | st.sampled_from(["red", "blue"]),
)


# Some customers in any order, or neighbours as a frame of a base has them.
chunks = st.lists(st.integers(0, 4), max_size=4, unique=True) | st.sampled_from(
    [list(range(first, last)) for first in range(4) for last in range(first + 2, 6)]
)


@given(rows=st.lists(row, max_size=30), chunk=chunks)
def test_every_measure_is_what_a_walk_over_the_rows_finds(rows, chunk):
    table = keyed(a_table(rows), IDS, ("at", "recorded_at", "amount", "kind"), "at")
    at = np.full(len(chunk), microseconds(NOW))
    known = table.rows_of(np.array(chunk, dtype=np.int64)).known(at)
    amounts = known.most(known["amount"])
    reds, latest = known.only(known.is_word("kind", "red")).count(), known.latest("at", "recorded_at")
    recorded = latest.spread(latest["recorded_at"].astype(float))
    for i, customer in enumerate(chunk):
        mine = [r for r in rows if r[0] == f"C{customer}" and r[1] is not None and r[1] <= 0 and r[2] <= 0]
        numbers = [r[3] for r in mine if r[3] is not None]
        assert np.array_equal(amounts[i], max(numbers, default=np.nan), equal_nan=True)
        assert known.any()[i] == bool(mine)
        assert known.count()[i] == len(mine)
        assert reds[i] == sum(r[4] == "red" for r in mine)
        last = max(((r[1], r[2]) for r in mine), default=None)
        if last is None:
            assert np.isnan(recorded[i])
            assert known.latest_moment("at")[i] == NEVER
        else:
            happened, booked = (microseconds(NOW + timedelta(days=day)) for day in last)
            assert known.latest_moment("at")[i] == happened
            assert recorded[i] == booked


def test_words_become_numbers_and_unknown_words_none():
    table = keyed(a_table([("C1", 0, 0, 1.0, "red"), ("C1", 0, 0, 1.0, "blue"), ("C1", 0, 0, 1.0, None)]), IDS,
                  ("at", "recorded_at", "kind"), "at")  # fmt: skip
    rows = table.rows_of(np.array([1]))
    assert np.array_equal(rows.translated("kind", {"red": 2.0}), [2.0, np.nan, np.nan], equal_nan=True)
    assert rows.is_word("kind", "green").tolist() == [False, False, False]
