"""The house stands: imports point one way, and each big library has one door."""

import ast
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from linewise.core.settings import checkout_dir

ROOT = checkout_dir()
PACKAGES = ("linewise", "features", "training", "serving", "cli")


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def imported_by(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it; a thousand modules are read once."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_imports_point_one_way():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


# One walk of the linter finds all of them: it tells of each who imports what it may not.
SPIES = {
    "features/spy.py": "from linewise.simulation.truth import Truth",
    "training/spy.py": "from linewise.simulation.labels import people_labels",
    "serving/scoring/spy.py": "import linewise.simulation.world",
    "cli/spy.py": "from linewise.simulation.truth import Truth",
    "cli/spy_of_lives.py": "from linewise.simulation.lives.living import live",
    "linewise/simulation/tables/spy.py": "from linewise.simulation import labels",
}


@pytest.fixture(scope="module")
def told_of_spies(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a house in which each of the spies looks into the truth."""
    house = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, house / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", house)
    for spy, line in SPIES.items():
        (house / spy).write_text(f'"""A spy."""\n\n{line}\n', encoding="utf-8")
    done = lint_imports(house)
    assert done.returncode == 1, done.stdout
    return done.stdout


@pytest.mark.parametrize("spy", SPIES)
def test_who_looks_into_the_truth_is_found_out(told_of_spies: str, spy: str):
    name = re.escape(spy.removesuffix(".py").replace("/", "."))
    assert re.search(rf"\b{name} -> linewise\.simulation\b", told_of_spies), told_of_spies


def test_the_folder_of_the_labels_is_named_in_one_place():
    namers = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"(^|/)truth(/|$)", node.value)
    ]
    assert namers == ["linewise/simulation/labels.py"]


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        ("feast", ["features"]),
        ("mlflow", ["training/tracking.py", "serving/scoring/registry.py"]),
        ("bentoml", ["serving/service.py", "serving/metrics.py"]),
        ("sqlalchemy", ["linewise/ledger"]),
        ("numba", ["linewise/core/compiling.py", "linewise/simulation/lives"]),
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
        # Few name it at all, and only those are parsed.
        if re.search(r"\b(environ|getenv)\b", text := path.read_text(encoding="utf-8"))
        and any(
            isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} for node in ast.walk(ast.parse(text))
        )
    ]
    assert readers == ["linewise/core/settings.py"]


def test_the_online_path_imports_neither_feast_nor_mlflow():
    words = (
        "import sys, serving.scoring.recommender, serving.api\n"
        "print([n for n in ('feast', 'mlflow', 'ibis') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
