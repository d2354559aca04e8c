from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.bank.dictionary import load_dictionary, required_names
from linewise.bank.part_files import files_in, part_path, write_part_file
from tests.linewise.bank.builders import a_transaction, rows_of

TRANSACTIONS = load_dictionary()["transactions"]
ROWS = rows_of("transactions", *(a_transaction(number, mcc="5411" if number % 3 else None) for number in range(50)))


def dictionary_of(values: pa.ChunkedArray, index: pa.DataType) -> pa.ChunkedArray:
    return values.dictionary_encode().cast(pa.dictionary(index, pa.string()))


@pytest.mark.parametrize("index", [pa.int8(), pa.int16(), pa.int32()])
def test_dictionary_encoded_texts_read_back_plain_in_the_contracts_types(tmp_path: Path, index: pa.DataType) -> None:
    rows = ROWS
    for name in ("customer_id", "account_id", "direction", "kind", "currency", "mcc", "category"):
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, dictionary_of(rows[name], index))
    path = part_path(tmp_path, "transactions", 3)
    write_part_file(rows, path, TRANSACTIONS, required=required_names(TRANSACTIONS.columns))
    assert pq.read_table(path, partitioning=None) == ROWS.cast(TRANSACTIONS.arrow_schema)
    assert pq.read_schema(path) == TRANSACTIONS.arrow_schema
    kinds = {name: str(kind) for name, kind in zip(*_described(path), strict=True)}
    assert kinds["posted_at"] == "TIMESTAMP WITH TIME ZONE"
    assert kinds["mcc"] == "VARCHAR"
    assert kinds["billing_amt"] == "BIGINT"
    assert duckdb.sql(f"SELECT count(mcc) FROM '{path}'").fetchall() == [(33,)]


def _described(path: Path) -> tuple[list[str], list[object]]:
    relation = duckdb.sql(f"FROM '{path}'")
    return relation.columns, list(relation.types)


def test_chunks_with_dictionaries_of_their_own_keep_their_values(tmp_path: Path) -> None:
    chunks = [dictionary_of(ROWS.slice(start, 25)["kind"], pa.int16()) for start in (0, 25)]
    other = pa.chunked_array([pa.array(["refund"] * 25).dictionary_encode().cast(chunks[0].type)])
    kind = pa.chunked_array([*chunks[0].chunks, *other.chunks])
    path = part_path(tmp_path, "transactions", 0)
    write_part_file(ROWS.set_column(ROWS.column_names.index("kind"), "kind", kind), path, TRANSACTIONS)
    assert pq.ParquetFile(path).read()["kind"].to_pylist() == ["purchase"] * 25 + ["refund"] * 25


@pytest.mark.parametrize("name", ["customers", "statements", "obligations"])
def test_a_table_without_rows_keeps_the_contracts_types(tmp_path: Path, name: str) -> None:
    table = load_dictionary()[name]
    path = part_path(tmp_path, name, 0)
    write_part_file(table.arrow_schema.empty_table(), path, table, required=required_names(table.columns))
    assert pq.read_schema(path) == table.arrow_schema


def test_a_value_missing_where_the_contract_asks_for_one_is_never_written(tmp_path: Path) -> None:
    path = part_path(tmp_path, "transactions", 0)
    holed = ROWS.set_column(ROWS.column_names.index("billing_amt"), "billing_amt", pa.nulls(len(ROWS), pa.int64()))
    with pytest.raises(ValueError, match="billing_amt"):
        write_part_file(holed, path, TRANSACTIONS, required=required_names(TRANSACTIONS.columns))
    assert not path.exists()


def test_a_reader_can_pass_over_rows_by_customer_and_by_time(tmp_path: Path) -> None:
    path = part_path(tmp_path, "transactions", 0)
    write_part_file(ROWS, path, TRANSACTIONS)
    group = pq.ParquetFile(path).metadata.row_group(0)
    known = {group.column(place).path_in_schema for place in range(group.num_columns) if _is_known(group, place)}
    assert known == {"customer_id", "posted_at"}


def _is_known(group: pq.RowGroupMetaData, place: int) -> bool:
    return bool(group.column(place).is_stats_set)


def test_parts_are_listed_by_number_and_nothing_else_is(tmp_path: Path) -> None:
    for number in (10, 2, 0):
        path = part_path(tmp_path, "calls", number)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "calls" / "notes.txt").touch()
    assert [path.name[5:10] for path in files_in(tmp_path / "calls")] == ["00000", "00002", "00010"]
    assert files_in(tmp_path / "cases") == ()
