from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from linewise.bank.dictionary import load_table
from linewise.core.errors import UsageError
from linewise.core.yaml_lines import read_yaml_as


class Shelf(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    books: list[dict[str, int]] = []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("name: a\ncolour: red\n", 2, "colour: this key is unknown"),
        ("books: []\n", 1, "name: this key is missing"),
        ("name: a\nname: b\n", 2, "'name' occurs twice"),
        ("name: a\nbooks:\n  - a: 1\n  - b: two\n", 4, "given 'two'"),
        ("name: a\nbooks:\n  - a: 1\n    a: 2\n", 4, "'a' occurs twice"),
        ("name: 5\n", 1, "given 5"),
        ("name: [a\n", 2, "expected"),
        ("", 1, "the file is empty"),
        ("- a\n", 1, "the file"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "shelf.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_yaml_as(path, Shelf, UsageError)
    assert f"shelf.yaml line {line}: " in str(caught.value)
    assert said in str(caught.value)


def test_a_mistake_below_a_named_column_is_told_with_the_line_of_the_mistake(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(
        "table: odd\nmeaning: A table made for this test.\nis_required: false\nkey: [odd_id]\nevent_time: null\n"
        "columns:\n  odd_id:\n    type: string\n    meaning: The key of the table.\n    sensitivity: none\n"
        "    allowed_for: [audit]\n  other:\n    type: string\n    colour: red\n    meaning: Another column.\n"
        "    sensitivity: none\n    allowed_for: [audit]\n"
    )
    with pytest.raises(UsageError, match=r"odd\.yaml line 14: columns\.1\.colour: this key is unknown"):
        load_table(path)


def test_a_file_without_mistakes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "shelf.yaml"
    path.write_text("name: a\nbooks: [{b: 1}]\n")
    assert read_yaml_as(path, Shelf, UsageError) == Shelf(name="a", books=[{"b": 1}])
