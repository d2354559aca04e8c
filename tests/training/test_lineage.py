import shutil
import subprocess
from pathlib import Path

import pytest

from linewise.core.files import sha256_of
from training.lineage import lineage_tags


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit that holds a lock file."""
    if shutil.which("git") is None:
        pytest.skip("git is not on this machine")
    (tmp_path / "requirements.lock").write_text("numpy==2\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--no-verify", "--message", "lock")
    return tmp_path


def test_a_clean_checkout_names_its_commit_and_lock(checkout: Path):
    tags = lineage_tags(checkout)
    assert len(tags["git_sha"]) == 40
    assert tags["git_is_dirty"] == "false"
    assert tags["lock_sha256"] == sha256_of(checkout / "requirements.lock")


def test_an_uncommitted_change_is_said(checkout: Path):
    (checkout / "new.py").write_text("", encoding="utf-8")
    assert lineage_tags(checkout)["git_is_dirty"] == "true"


def test_what_cannot_be_known_is_called_unknown(tmp_path: Path):
    tags = lineage_tags(tmp_path)
    assert (tags["git_sha"], tags["git_is_dirty"], tags["lock_sha256"]) == ("unknown",) * 3
    assert all(tags[f"library_{name}"] for name in ("lightgbm", "numpy", "mlflow"))
