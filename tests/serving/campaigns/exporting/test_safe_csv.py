"""A CSV is read by spreadsheets as text: no cell is run, and every cell comes back as it was."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.campaigns.exporting.safe_csv import csv_writer, safe_cells

TEXT = pa.schema([("cell", pa.string())])


def written(path: Path, cells: list[str | None]) -> list[str]:
    with csv_writer(path, TEXT, has_bom=False) as lines:
        lines.write_table(pa.table([cells], schema=TEXT))
    with path.open(encoding="utf-8", newline="") as file:
        return [row["cell"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+861", "-2", "@SUM(A1)", " =1", "\t=1", "\rx", "\n=1", "|cmd", "%0", "＝1", "＋1", "－1", "＠x", '="x"'],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(tmp_path: Path, cell: str) -> None:
    assert written(tmp_path / "a.csv", [cell]) == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["某某银行", "a=b", "tok-1", "2026-12-01T09:00+08:00", "a,b", 'a"b', "", "C-1"])
def test_every_other_cell_stays_as_it_is(tmp_path: Path, cell: str) -> None:
    assert written(tmp_path / "a.csv", [cell]) == [cell]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=12), min_size=1))
def test_whatever_stands_in_a_cell_no_cell_begins_a_formula_and_all_come_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    found = written(tmp_path_factory.mktemp("csv") / "a.csv", [*cells])
    assert not any(one.lstrip().startswith(("=", "+", "-", "@")) for one in found)
    assert [one.removeprefix("'") for one in found] == [one.removeprefix("'") for one in cells]


def test_moments_and_days_are_written_as_iso_8601_says() -> None:
    table = pa.table(
        {
            "at": pa.array([datetime(2026, 12, 1, 1, 30, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "on": [date(2026, 12, 1), None],
            "count": [3, None],
        }
    )
    assert safe_cells(table).to_pylist()[0] == {"at": "2026-12-01T01:30:00Z", "on": date(2026, 12, 1), "count": 3}
    assert safe_cells(table).to_pylist()[1] == {"at": None, "on": None, "count": None}


@pytest.mark.parametrize("has_bom", [False, True])
def test_a_file_without_rows_has_its_header(tmp_path: Path, has_bom: bool) -> None:
    path = tmp_path / "a.csv"
    with csv_writer(path, TEXT, has_bom=has_bom):
        pass
    assert path.read_bytes() == (b"\xef\xbb\xbf" if has_bom else b"") + b'"cell"\n'
