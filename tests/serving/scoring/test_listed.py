"""A list of customers to score: each of the bank's once and in its order, or the rows named that are at fault."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linewise.core.errors import DataCheckFailed
from serving.scoring.listed import customers_listed

KNOWN = ["c1", "c2", "c3", "c4"]


def a_file(folder: Path, text: str | bytes, name: str = "some.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def ids_of(path: Path, *, skips_faulty: bool = False, size: int = 2) -> list[str]:
    with customers_listed(path, KNOWN, skips_faulty=skips_faulty) as listed:
        chunks = list(listed.in_chunks(size))
        assert [len(chunk) for chunk in chunks[:-1]] == [size] * (len(chunks) - 1)
        found = [one for chunk in chunks for one in chunk]
        assert len(listed) == len(found)
        return found


def test_a_list_keeps_its_order_whatever_else_stands_in_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, 'note,customer_id\nx,c3\n,c1\n"a, b",c2\n')
    assert ids_of(path) == ["c3", "c1", "c2"]


def test_a_bom_and_blanks_around_an_id_are_no_part_of_it(tmp_path: Path) -> None:
    assert ids_of(a_file(tmp_path, b"\xef\xbb\xbfcustomer_id\r\n c2 \r\nc4\r\n")) == ["c2", "c4"]


def test_a_parquet_file_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    pq.write_table(pa.table({"customer_id": ["c4", "c2"]}), path)
    assert ids_of(path) == ["c4", "c2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("customer_id\nc1\nc9\nc8\n", "2 rows name nobody of this bank (row 2, 3)"),
        ("customer_id\nc1\nc2\nc1\nc1\nc2\n", "3 rows name a customer again (row 3, 4, 5)"),
        ("customer_id,x\nc1,1\n,2\n", "1 rows name no customer (row 2)"),
        ("customer_id\n" + "c9\n" * 5 + "c1\n", "5 rows name nobody of this bank (row 1, 2, 3 and more)"),
        ("customer_id\n", "it has no rows"),
        ("customer_id\nx\n", "1 rows name nobody of this bank (row 1)"),
        ("customer\nc1\n", "has no column 'customer_id'; it has customer"),
        ("customer_id,name\nc1,张\n".encode("gbk"), "is no text in UTF-8"),
    ],
)
def test_a_faulty_list_is_refused_and_its_rows_are_named(tmp_path: Path, text: str | bytes, says: str) -> None:
    path = a_file(tmp_path, text)
    with pytest.raises(DataCheckFailed) as refused:
        ids_of(path)
    assert says in str(refused.value)


def test_a_file_that_is_missing_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", a_file(tmp_path, "c1", "some.xlsx")):
        with pytest.raises(DataCheckFailed, match=path.name):
            ids_of(path)


def test_faulty_rows_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    path = a_file(tmp_path, "customer_id,x\nc9,1\nc3,2\n,3\nc3,4\nc1,5\n")
    with customers_listed(path, KNOWN, skips_faulty=True) as listed:
        assert [one for chunk in listed.in_chunks(9) for one in chunk] == ["c3", "c1"]
        told = [(fault.reason, fault.row_count, fault.first_rows) for fault in listed.faults]
    assert told == [("no_customer", 1, (3,)), ("unknown_customer", 1, (1,)), ("repeated", 1, (4,))]


def test_a_list_of_strangers_is_refused_even_where_faulty_rows_may_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(DataCheckFailed, match="another bank"):
        ids_of(a_file(tmp_path, "customer_id\nx\ny\n"), skips_faulty=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*KNOWN, "x", "y"]), min_size=1, max_size=12))
def test_every_customer_of_the_bank_is_scored_once_where_first_named_and_every_row_is_accounted_for(
    tmp_path: Path, rows: list[str]
) -> None:
    path = a_file(tmp_path, "customer_id\n" + "".join(f"{one}\n" for one in rows))
    expected = list(dict.fromkeys(one for one in rows if one in KNOWN))
    if not expected:
        return
    with customers_listed(path, KNOWN, skips_faulty=True) as listed:
        assert [one for chunk in listed.in_chunks(3) for one in chunk] == expected
        assert len(listed) + sum(fault.row_count for fault in listed.faults) == len(rows)
