"""An answer is asked anew where code changed that it may rest on, and nowhere else."""

from pathlib import Path

import pytest

from benchmarks.value.reached_code import ReachedCode

JUDGE = "learning_of_test.judge"
FILES = {
    "learning_of_test/__init__.py": "",
    "learning_of_test/judge.py": "from bank_of_test.money import cents\n",
    "learning_of_test/other.py": "",
    "bank_of_test/__init__.py": "from bank_of_test import start\n",
    "bank_of_test/start.py": "",
    "bank_of_test/money.py": "def cents():\n    from bank_of_test import late\n",
    "bank_of_test/late.py": "",
    "bank_of_test/policy.yaml": "a: 1\n",
}


def read(checkout: Path) -> ReachedCode:
    return ReachedCode.of_checkout(checkout, ("learning_of_test", "bank_of_test"))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("learning_of_test/judge.py", True),
        ("bank_of_test/money.py", True),
        ("bank_of_test/late.py", True),
        ("bank_of_test/__init__.py", True),
        ("bank_of_test/start.py", True),
        ("bank_of_test/policy.yaml", True),
        ("learning_of_test/other.py", False),
    ],
)
def test_the_digest_follows_what_is_imported_and_every_data_file(checkout: Path, file: str, counts: bool):
    before = read(checkout).digest(JUDGE)
    (checkout / file).write_text(FILES[file] + "# changed\n")
    assert (read(checkout).digest(JUDGE) != before) == counts


def test_what_nobody_imports_may_come_and_go(checkout: Path):
    before = read(checkout).digest(JUDGE)
    (checkout / "learning_of_test" / "new.py").write_text("")
    assert read(checkout).digest(JUDGE) == before
