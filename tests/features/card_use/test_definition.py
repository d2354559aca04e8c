"""Sums are of another definition as soon as a line of the room is another one."""

import shutil
from pathlib import Path

from features.card_use.definition import ROOM, definition_hash


def test_the_definition_is_the_source_wherever_it_lies(tmp_path: Path) -> None:
    room = Path(shutil.copytree(ROOM, tmp_path / "moved", ignore=shutil.ignore_patterns("__pycache__")))
    assert definition_hash(room) == definition_hash()


def test_another_window_is_another_definition(tmp_path: Path) -> None:
    room = Path(shutil.copytree(ROOM, tmp_path / "changed", ignore=shutil.ignore_patterns("__pycache__")))
    path = room / "use.py"
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("MONTHS_BACK = 18", "MONTHS_BACK = 12"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != source
    assert definition_hash(room) != definition_hash()
