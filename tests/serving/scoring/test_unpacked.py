"""The code of a release that no longer runs lies unpacked beside its zip, and is that code or is unpacked anew."""

import shutil
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.archive import ArchivedRelease, read_archived
from serving.scoring.opening import open_recommender
from serving.scoring.unpacked import unpacked

DECIDE = "linewise/decisioning/decide.py"


@pytest.fixture
def release(served_home: Home, tmp_path: Path) -> ArchivedRelease:
    desk = open_recommender(load_settings(home=served_home.root))
    kept = served_home.archive_dir / desk.versions.release_id
    return read_archived(Path(shutil.copytree(kept, tmp_path / "kept")))


def time_of_code(release: ArchivedRelease) -> int:
    with unpacked(release) as code:
        return (code / DECIDE).stat().st_mtime_ns


def test_it_is_unpacked_once_so_that_what_was_compiled_for_it_stays(release: ArchivedRelease):
    before = time_of_code(release)
    compiled = release.folder / "unpacked" / "linewise" / "__pycache__"
    compiled.mkdir()
    (compiled / "kernel.nbi").write_text("compiled", encoding="utf-8")
    assert time_of_code(release) == before
    assert (compiled / "kernel.nbi").exists()


@pytest.mark.parametrize("spoil", [
    lambda code: (code / DECIDE).write_text("raise SystemExit", encoding="utf-8"),
    lambda code: (code / DECIDE).unlink(),
    lambda code: (code / "sitecustomize.py").write_text("raise SystemExit", encoding="utf-8"),
], ids=["changed", "gone", "one more"])  # fmt: skip
def test_a_file_that_is_not_the_releases_has_it_unpacked_anew(release: ArchivedRelease, spoil):
    with unpacked(release) as code:
        told = (code / DECIDE).read_text(encoding="utf-8")
        spoil(code)
    with unpacked(release) as code:
        assert (code / DECIDE).read_text(encoding="utf-8") == told
        assert not (code / "sitecustomize.py").exists()


def test_an_archive_that_may_only_be_read_is_left_as_it_is(release: ArchivedRelease, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("serving.scoring.unpacked.os.access", lambda *_: False)
    before = sorted(release.folder.rglob("*"))
    with unpacked(release) as code:
        assert (code / DECIDE).is_file()
    assert not code.exists()
    assert sorted(release.folder.rglob("*")) == before
