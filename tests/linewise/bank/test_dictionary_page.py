from pathlib import Path

from linewise.bank.dictionary import load_dictionary
from linewise.bank.dictionary_page import dictionary_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "contract-tables.md"


def test_the_committed_page_is_what_the_dictionary_makes() -> None:
    command = "python -m linewise.bank.dictionary_page docs/contract-tables.md"
    assert PAGE.read_text(encoding="utf-8") == dictionary_page(), f"run: {command}"


def test_the_page_has_a_section_for_each_table_and_a_row_for_each_column() -> None:
    lines = dictionary_page().splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == list(load_dictionary())
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == sum(len(table.columns) for table in load_dictionary().values())
    assert {row.count(" | ") for row in rows} == {6}
