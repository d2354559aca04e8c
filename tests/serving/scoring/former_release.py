"""A release of yesterday: a copy of the code in which something decides otherwise, and a home where it decided."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linewise.core.home import Home
from linewise.core.settings import checkout_dir, environment_for_code
from serving.scoring.archive import open_archived
from serving.scoring.unpacked import unpacked

__all__ = ["CAUTIOUS", "FormerRelease", "a_home_beside", "code_of_yesterday", "decided_yesterday", "laid_out"]

PACKAGES = ("linewise", "features", "serving")

CAUTIOUS = {
    "linewise/decisioning/affordability/budget.py": (
        "float(policy.disposable_share_ratio)", "0.8 * float(policy.disposable_share_ratio)"
    )
}  # fmt: skip
"""Yesterday's code lent less out of the same income."""

DECIDING = """
import json, sys
from pathlib import Path
from linewise.core.settings import load_settings
from serving.scoring.opening import open_recommender
asked = json.load(sys.stdin)
policy = Path(asked["policy"]) if asked["policy"] else None
desk = open_recommender(load_settings(home=Path(asked["home"]), language="en", policy=policy))
made = [
    desk.decide_one(customer_id, channel, language)["decision_id"]
    for channel, language in asked["ways"] for customer_id in asked["customers"]
]
print(json.dumps({"release_id": desk.versions.release_id, "parts": desk.versions.parts, "made": made}))
"""


@dataclass(frozen=True)
class FormerRelease:
    """What it was called, what it was made of, and the decisions that it made."""

    release_id: str
    parts: dict[str, str]
    made: list[str]


def code_of_yesterday(folder: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """A copy of the packages in which each named file has one text in place of another."""
    for package in PACKAGES:
        shutil.copytree(checkout_dir() / package, folder / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(checkout_dir() / "requirements.lock", folder)
    for name, (text, other) in changes.items():
        source = (folder / name).read_text(encoding="utf-8")
        assert source.count(text) == 1, f"{name} has no longer one {text!r}"
        (folder / name).write_text(source.replace(text, other), encoding="utf-8")
    return folder


def laid_out(home: Home, release_id: str) -> None:
    """The release's code as its replay unpacks it, and beside the same files what is compiled of them here already.

    Numba goes by what is in a file, so that it compiles what was changed, and not thirty seconds of all the rest.
    """
    with unpacked(open_archived(home, release_id)) as code:
        for package in PACKAGES:
            # What was compiled before the index that names it.
            for kind in ("*.nbc", "*.nbi"):
                for kept in (checkout_dir() / package).rglob(f"__pycache__/{kind}"):
                    beside = code / kept.relative_to(checkout_dir())
                    beside.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(kept, beside)


def a_home_beside(served_home: Home, root: Path) -> Home:
    """The served home with a ledger and releases of its own."""
    home = Home(root)
    home.data_dir.mkdir(parents=True)
    for part in ("bank", "features", "feast"):
        (home.data_dir / part).symlink_to(served_home.data_dir / part)
    shutil.copytree(served_home.releases_dir, home.releases_dir, ignore=shutil.ignore_patterns("archive"))
    return home


def decided_yesterday(
    code: Path, home: Home, customers: list[str], ways: list[tuple[str, str]], policy: Path | None = None
) -> FormerRelease:
    """Decide for these customers, in these channels and languages, by that code."""
    asked: dict[str, Any] = {
        "home": str(home.root),
        "customers": customers,
        "ways": ways,
        "policy": policy and str(policy),
    }
    done = subprocess.run(
        [sys.executable, "-c", DECIDING], input=json.dumps(asked), env=environment_for_code(code), cwd=code,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return FormerRelease(**json.loads(done.stdout.splitlines()[-1]))
