"""Which code, libraries and machine made a model, so that a run can be told from another."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from linewise.core.files import sha256_of
from linewise.core.settings import checkout_dir

__all__ = ["lineage_tags"]

LIBRARIES = ("lightgbm", "numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "duckdb", "feast", "mlflow")


def lineage_tags(checkout: Path | None = None) -> dict[str, str]:
    """Tags of a run: commit and whether it had uncommitted changes, lock file, libraries, machine.

    What cannot be known (no git, no lock file beside an installed package) says `unknown`.
    """
    folder = checkout or checkout_dir()
    lock = folder / "requirements.lock"
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain")
    return {
        "git_sha": commit or "unknown",
        "git_is_dirty": "unknown" if changes is None else str(bool(changes)).lower(),
        "lock_sha256": sha256_of(lock) if lock.is_file() else "unknown",
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **{f"library_{name}": version(name) for name in LIBRARIES},
    }


def _git(folder: Path, *words: str) -> str | None:
    """What git answers, or None where it has nothing to say."""
    git = shutil.which("git")
    if git is None:
        return None
    answer = subprocess.run(  # noqa: S603  fixed words, no shell
        [git, "-C", str(folder), *words], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() if answer.returncode == 0 else None
