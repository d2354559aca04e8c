"""Agents call day by day in the order of worth, the same list however it was sorted and cut."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.campaigns.exporting.calling_order import SLICE_ROWS, in_calling_order
from serving.campaigns.exporting.columns import CALLS

FIRST = date(2026, 12, 1)
Call = tuple[int, int]
"""Day of the campaign and priority."""

calls = st.lists(st.tuples(st.integers(0, 3), st.integers(-3, 3)), min_size=1, max_size=40)


def written(path: Path, listed: Sequence[Call]) -> Path:
    """Calls of customers C00000 … in order of id."""
    days, priorities = zip(*listed, strict=True)
    known = {
        "customer_id": [f"C{n:05}" for n in range(len(listed))],
        "send_on": [FIRST + timedelta(days=one) for one in days],
        "call_order": [0] * len(listed),
    }
    nothing = {one.name: pa.nulls(len(listed), one.type) for one in CALLS if one.name not in known}
    table = pa.table(known | nothing).select(CALLS.names).cast(CALLS)
    pq.write_table(table.append_column("priority", pa.array(priorities, pa.int64())), path)
    return path


def ordered(folder: Path, listed: Sequence[Call], rows: int) -> list[pa.Table]:
    return list(in_calling_order(written(folder / "calls.parquet", listed), folder / "aside", rows))


@given(calls, st.sampled_from([1, 2, 7, SLICE_ROWS]))
def test_the_order_is_that_of_days_worth_and_names_whatever_the_cut(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Call], rows: int
) -> None:
    folder = tmp_path_factory.mktemp("calls")
    tables = ordered(folder, listed, rows)
    assert [one.num_rows for one in tables[:-1]] == [rows] * (len(tables) - 1)
    table = pa.concat_tables(tables).cast(CALLS)
    named = [(day, -priority, f"C{n:05}") for n, (day, priority) in enumerate(listed)]
    expected, places = sorted(named), dict[int, int]()
    for day, _, _ in expected:
        places[day] = places.get(day, 0) + 1
    assert table["customer_id"].to_pylist() == [customer_id for _, _, customer_id in expected]
    counted = [place for day in sorted(places) for place in range(1, places[day] + 1)]
    assert table["call_order"].to_pylist() == counted
    assert [one.name for one in folder.iterdir()] == ["calls.parquet"]


def test_no_more_than_one_table_of_a_long_list_is_in_memory_at_a_time(tmp_path: Path) -> None:
    count, token = 12_000, "t" * 1_000
    path = written(tmp_path / "calls.parquet", [(n % 2, n * 7_919 % 100_003) for n in range(count)])
    tokens = pa.array([f"{token}{n}" for n in range(count)])
    with pq.ParquetFile(path) as file:
        schema, whole = file.schema_arrow, file.read()
    whole = whole.set_column(schema.get_field_index("contact_ref"), "contact_ref", tokens)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, count, 1_000):
            writer.write_table(whole.slice(start, 1_000))
    size, found, most = whole.nbytes, 0, 0
    del whole, tokens
    before = pa.total_allocated_bytes()
    for table in in_calling_order(path, tmp_path / "aside", 1_000):
        found += table.num_rows
        most = max(most, pa.total_allocated_bytes() - before)
    assert found == count
    assert most < size / 4
