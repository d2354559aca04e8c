from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.bank.extracting import extract
from linewise.bank.mappings import find_mapping
from linewise.core.errors import MappingInvalid
from tests.linewise.bank.builders import write_extract, write_mapping


def customers_of(tmp_path: Path, sql: str, source: str = "people.csv") -> pa.Table:
    folder = write_mapping(tmp_path / "mapping", customers=sql)
    header = folder / "mapping.yaml"
    header.write_text(header.read_text().replace("people: people.csv", f"people: {source}"))
    return extract(find_mapping(folder), tmp_path / "extract")["customers"]


def test_csv_arrives_as_text_so_that_no_leading_zero_is_lost(tmp_path: Path) -> None:
    write_extract(tmp_path / "extract")
    table = customers_of(tmp_path, "SELECT customer_id FROM people ORDER BY 1")
    assert table["customer_id"].to_pylist() == ["007", "008"]


def test_parquet_arrives_in_its_own_types_and_files_may_be_many(tmp_path: Path) -> None:
    (tmp_path / "extract").mkdir()
    for part in (1, 2):
        pq.write_table(pa.table({"number": [part]}), tmp_path / "extract" / f"part{part}.parquet")
    table = customers_of(tmp_path, "SELECT number FROM people ORDER BY 1", source="part*.parquet")
    assert table["number"].to_pylist() == [1, 2]
    assert table.schema.field("number").type == pa.int64()


def test_a_database_is_attached_and_only_read(tmp_path: Path) -> None:
    (tmp_path / "extract").mkdir()
    with duckdb.connect(str(tmp_path / "extract" / "core.duckdb")) as database:
        database.execute("CREATE TABLE clients AS SELECT 'c1' AS id")
    table = customers_of(tmp_path, "SELECT id FROM people.clients", source="core.duckdb")
    assert table["id"].to_pylist() == ["c1"]


def test_times_without_a_zone_are_read_as_utc(tmp_path: Path) -> None:
    write_extract(tmp_path / "extract")
    table = customers_of(tmp_path, "SELECT CAST('2026-01-01 08:00:00+08' AS TIMESTAMPTZ) AS t FROM people LIMIT 1")
    assert table.schema.field("t").type == pa.timestamp("us", tz="UTC")
    assert table["t"].to_pylist()[0].isoformat() == "2026-01-01T00:00:00+00:00"


def test_what_several_tables_read_is_a_view_that_may_read_another(tmp_path: Path) -> None:
    write_extract(tmp_path / "extract")
    views = tmp_path / "mapping" / "views"
    views.mkdir(parents=True)
    (views / "known.sql").write_text("SELECT customer_id FROM people")
    (views / "later.sql").write_text("SELECT customer_id || '!' AS called FROM known")
    assert customers_of(tmp_path, "SELECT called FROM later ORDER BY 1")["called"].to_pylist() == ["007!", "008!"]
    (views / "later.sql").write_text("SELECT nickname FROM known")
    with pytest.raises(MappingInvalid, match=r'later\.sql does not run: .*"nickname"'):
        customers_of(tmp_path, "SELECT 1")
    (views / "later.sql").write_text("DROP VIEW known")
    with pytest.raises(MappingInvalid, match=r"later\.sql holds 1 statements"):
        customers_of(tmp_path, "SELECT 1")


def test_a_view_may_not_have_the_name_of_a_source(tmp_path: Path) -> None:
    folder = write_mapping(tmp_path / "mapping")
    (folder / "views").mkdir()
    (folder / "views" / "people.sql").write_text("SELECT 1")
    with pytest.raises(MappingInvalid, match="people is a view and a source"):
        find_mapping(folder)


def test_sql_that_does_not_run_is_told_with_its_file_and_duckdbs_words(tmp_path: Path) -> None:
    write_extract(tmp_path / "extract")
    with pytest.raises(MappingInvalid, match=r'customers\.sql does not run: .*"nickname"'):
        customers_of(tmp_path, "SELECT nickname FROM people")
    with pytest.raises(MappingInvalid, match=r"customers\.sql does not run: Parser Error"):
        customers_of(tmp_path, "SELEKT 1")
    with pytest.raises(MappingInvalid, match=r"customers\.sql does not run: Conversion Error"):
        customers_of(tmp_path, "SELECT CAST(customer_id AS DATE) FROM people")


@pytest.mark.parametrize("sql", ["", "SELECT 1; SELECT 2", "DROP VIEW people", "COPY people TO 'x.csv'"])
def test_a_file_holds_one_select_and_nothing_else(tmp_path: Path, sql: str) -> None:
    write_extract(tmp_path / "extract")
    with pytest.raises(MappingInvalid, match="One SELECT was expected"):
        customers_of(tmp_path, sql)


def test_sql_sees_nothing_outside_the_extract(tmp_path: Path) -> None:
    write_extract(tmp_path / "extract")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(MappingInvalid, match="disabled by configuration"):
        customers_of(tmp_path, f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "extract").mkdir()
    with pytest.raises(MappingInvalid, match=r"holds no people\.csv.*--source"):
        customers_of(tmp_path, "SELECT 1")


@pytest.mark.parametrize(
    ("name", "said"), [("people.xls", "of no kind that can be read"), ("people.parquet", "cannot be read")]
)
def test_a_source_that_cannot_be_read_is_named(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "extract").mkdir()
    (tmp_path / "extract" / name).write_text("not what the name says")
    with pytest.raises(MappingInvalid, match=said):
        customers_of(tmp_path, "SELECT 1", source=name)
