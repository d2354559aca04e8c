"""The house stands as DESIGN says: imports point one way, and each big library has one door."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from linewise.core.settings import checkout_dir

ROOT = checkout_dir()
PACKAGES = ("linewise", "features", "training", "serving", "cli")


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imported_by(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_imports_point_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        ("feast", ["features"]),
        ("mlflow", ["training/tracking.py", "serving/scoring/registry.py"]),
        ("bentoml", ["serving/service.py", "serving/metrics.py"]),
        ("sqlalchemy", ["linewise/ledger"]),
    ],
)
def test_each_big_library_has_one_door(library: str, doors: list[str]):
    users = [path.relative_to(ROOT).as_posix() for path in sources() if library in imported_by(path)]
    strangers = [user for user in users if not any(user == door or user.startswith(f"{door}/") for door in doors)]
    assert users
    assert strangers == []


def test_the_environment_is_read_in_one_place():
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(
            isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert readers == ["linewise/core/settings.py"]


@pytest.mark.parametrize("module", ["serving.scoring.recommender", "serving.api"])
def test_the_online_path_imports_neither_feast_nor_mlflow(module: str):
    words = f"import sys, {module}; print([n for n in ('feast', 'mlflow', 'ibis') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
