"""A bucket's transactions are read by customer and time, in whatever order they lie."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from features.engine import tables
from features.engine.reading import by_customer
from linewise.bank.rates import RATES_SCHEMA
from tests.features.builders import NOW, numbered, txn
from tests.linewise.bank.builders import rows_of

ROWS = numbered(
    [txn(3, customer_id="c2"), txn(1, customer_id="c1"), txn(9, customer_id="c2"), txn(5, customer_id="c1", kind="fee")]
)


def test_rows_lie_by_customer_and_time_afterwards() -> None:
    rows = by_customer(rows_of("transactions", *ROWS))
    days = [(NOW - moment) // timedelta(days=1) for moment in rows.table["posted_at"].to_pylist()]
    assert rows.table["customer_id"].to_pylist() == ["c2", "c2", "c1", "c1"]
    assert days == [9, 3, 5, 1]
    assert (rows.posted_us == rows.recorded_us).all()


def test_each_customer_has_a_run_of_rows_and_an_unknown_one_an_empty_one() -> None:
    first, end = by_customer(rows_of("transactions", *ROWS)).runs.of(pa.chunked_array([["c1", "nobody", "c2"]]))
    assert list(zip(first.tolist(), end.tolist(), strict=True)) == [(2, 4), (4, 4), (0, 2)]


def test_no_rows_are_a_run_for_nobody() -> None:
    first, end = by_customer(rows_of("transactions")).runs.of(pa.chunked_array([["c1"]]))
    assert (first == end).all()


def test_texts_of_several_files_are_codes_of_one_dictionary(tmp_path: Path) -> None:
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    pq.write_table(rows_of("transactions", *ROWS[:2]), files[0])
    pq.write_table(rows_of("transactions", *ROWS[2:]), files[1])
    table = tables.read_table("transactions", files, ["kind", "billing_amt"], "CNY", RATES_SCHEMA.empty_table())
    assert sorted(table.column_names) == ["billing_amt", "currency", "customer_id", "kind", "recorded_at"]
    assert table["kind"].num_chunks == 1
    assert table["kind"].to_pylist() == ["purchase", "purchase", "purchase", "fee"]


def test_customers_are_numbers_and_nobody_where_they_are_not_asked_for() -> None:
    given = {"some": rows_of("transactions", *ROWS), "none": rows_of("transactions")}
    told = tables.numbered(given, pa.array(["c2", "c9"]))
    assert told["some"]["customer_id"].to_pylist() == [0, None, 0, None]
    assert told["none"]["customer_id"].to_pylist() == []


def test_an_account_has_the_same_number_in_every_table() -> None:
    one, other = (pa.table({"account_id": ids}) for ids in (["a1", "a2", "a1"], ["a3", None, "a2"]))
    told = tables.numbered({"one": one, "other": other}, pa.array([], pa.string()))
    (first, second, same), (third, nobody, shared) = (told[name]["account_id"].to_pylist() for name in told)
    assert (same, shared, nobody) == (first, second, None)
    assert len({first, second, third}) == 3
