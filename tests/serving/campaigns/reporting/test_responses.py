"""Responses are read back row by row, and what does not count is told with its reason and its place."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.bank.database import utc_database
from linewise.core.errors import DataCheckFailed
from serving.campaigns.reporting.following import EVENTS
from serving.campaigns.reporting.responses import ResponsesRead, read_responses

DAYS = 30
HEADER = "customer_id,responded_at,offer_id,outcome,value_amt\n"


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two customers: C1 is contacted on the first of December from 01:00 UTC on, C2 a day later."""
    days = [date(2026, 12, 1), date(2026, 12, 2)]
    listed = pa.table(
        {
            "customer_id": ["C1", "C2"],
            "offer_id": ["CARD_GOLD", "CARD_TRAVEL"],
            "send_on": days,
            "send_not_before": pa.array([datetime(d.year, d.month, d.day, 1, tzinfo=UTC) for d in days]),
        }
    )
    with utc_database() as opened:
        opened.register("listed", listed)
        opened.register("nothing", EVENTS.empty_table())
        opened.execute("CREATE TEMP TABLE events AS FROM nothing")
        yield opened


def read(database: duckdb.DuckDBPyConnection, folder: Path, text: str | bytes, header: str = HEADER) -> ResponsesRead:
    path = folder / "responses.csv"
    path.write_bytes(header.encode() + (text.encode() if isinstance(text, str) else text))
    return read_responses(database, path, DAYS)


def kept(database: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return database.execute("SELECT customer_id, offer_id, kind, value_amt FROM events ORDER BY ALL").fetchall()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C1,2026-12-03,,,", None),
        ("C1,2026-12-01,,,", None),
        ("C1,2026-12-31,,,", None),
        ("C1,2027-01-01,,,", "outside_window"),
        ("C1,2026-11-30,,,", "outside_window"),
        ("C2,2026-12-01,,,", "outside_window"),
        ("C1,2026-12-01T01:00:00,,,", None),
        ("C1,2026-12-01T00:59:59,,,", "outside_window"),
        ("C1,2026-12-01T09:00:00+08:00,,,", None),
        ("C1,2026-12-31T00:59:59,,,", None),
        ("C1,2026-12-31T01:00:00,,,", "outside_window"),
        (" C1 , 2026-12-03 , CARD_GOLD , Ordered , 12000 ", None),
        (",2026-12-03,,,", "no_customer"),
        ("C1,,,,", "unreadable_moment"),
        ("C1,03.12.2026,,,", "unreadable_moment"),
        ("C1,2026-13-03,,,", "unreadable_moment"),
        ("C1,2026-12-03,,bought,", "unknown_outcome"),
        ("C1,2026-12-03,,complaint,", None),
        ("C1,2026-12-03,,opt_out,", None),
        ("C1,2026-12-03,,,a lot", "unreadable_amount"),
        ("C9,2026-12-03,,,", "unknown_customer"),
        ("张三,2026-12-03,,,", "unknown_customer"),
    ],
)
def test_each_row_counts_or_is_told_with_its_reason(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, row: str, reason: str | None
):
    found = read(database, tmp_path, f"C2,2026-12-05,,,\n{row}\n")
    assert found.row_count == 2
    if reason is None:
        assert (found.used_count, found.left_out) == (2, ())
    else:
        (left,) = found.left_out
        assert (found.used_count, left.reason, left.row_count, left.first_rows) == (1, reason, 1, (2,))


def test_what_was_told_twice_counts_once(database: duckdb.DuckDBPyConnection, tmp_path: Path):
    rows = ["C1,2026-12-03,,,500", "C1,2026-12-04,,ordered,900", "C1,2026-12-04,CARD_TRAVEL,,", "C1,2026-12-05,,,"]
    found = read(database, tmp_path, "\n".join(rows) + "\n")
    assert [(one.reason, one.row_count, one.first_rows) for one in found.left_out] == [("repeated", 2, (2, 4))]
    assert kept(database) == [("C1", "CARD_GOLD", "ordered", 500), ("C1", "CARD_TRAVEL", "ordered", None)]


def test_parquet_and_csv_say_the_same_and_a_mark_of_order_is_no_part_of_the_header(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
):
    assert read(database, tmp_path, "C1,2026-12-03\n", header="\ufeffcustomer_id,responded_at\n").used_count == 1
    path = tmp_path / "responses.parquet"
    moment = pa.array([datetime(2026, 12, 3, 10, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"customer_id": ["C2"], "responded_at": moment, "value_amt": [700]}), path)
    assert read_responses(database, path, DAYS).used_count == 1
    assert kept(database) == [("C1", "CARD_GOLD", "ordered", None), ("C2", "CARD_TRAVEL", "ordered", 700)]


@pytest.mark.parametrize(
    ("header", "rows", "says"),
    [
        (HEADER, "C1,2026-12-03,,,\n张三,2026-12-03,,,\n".encode("gbk"), r"line 3: the byte 0xd5 is no text in UTF-8"),
        (HEADER, "C1,2026-12-03,,,\n".encode("utf-16"), r"line 2: the byte 0xff"),
        (HEADER, b"C1,2026-12-03,,\0,\n", r"line 2: the byte 0x0"),
        ("customer_id,day\n", "C1,2026-12-03\n", r"no column 'responded_at'; it has customer_id, day"),
        (HEADER, "C8,2026-12-03,,,\nC9,2026-12-03,,,\n", r"Not one customer .* is on the list"),
        ("", "", r"no column 'customer_id'|cannot be read"),
    ],
    ids=["GBK", "UTF-16", "NUL", "a column is missing", "another campaign's", "empty"],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, header: str, rows: str | bytes, says: str
):
    with pytest.raises(DataCheckFailed, match=says):
        read(database, tmp_path, rows, header)
    assert kept(database) == []


@pytest.mark.parametrize(("name", "says"), [("none.csv", "There is no file"), ("told.xlsx", r"ends in '\.xlsx'")])
def test_a_file_that_is_not_there_or_of_another_kind_is_refused(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, says: str
):
    (tmp_path / "told.xlsx").write_bytes(b"PK")
    with pytest.raises(DataCheckFailed, match=says):
        read_responses(database, tmp_path / name, DAYS)


def test_a_file_without_rows_is_no_mistake(database: duckdb.DuckDBPyConnection, tmp_path: Path):
    assert read(database, tmp_path, "") == ResponsesRead(row_count=0, used_count=0, left_out=())
