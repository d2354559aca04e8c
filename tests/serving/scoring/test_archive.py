"""A release that decides is kept whole, once, and found out where it is no longer what it was."""

import json
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from linewise.core.errors import NotReady, ReleaseDamaged, ReleaseNotArchived
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.policy.standard_folder import policy_folder
from serving.scoring.archive import archive_release, open_archived
from serving.scoring.opening import open_recommender
from serving.scoring.policy_terms import PolicyTerms
from serving.scoring.recommender import Recommender
from serving.scoring.registry import local_release
from tests.builders import TODAY


@pytest.fixture(scope="module")
def recommender(served_home: Home) -> Recommender:
    return open_recommender(load_settings(home=served_home.root, language="en"))


def keep(home: Home, recommender: Recommender, served_home: Home, folder: Path | None = None) -> Path:
    release = local_release(served_home)
    assert release is not None
    terms = PolicyTerms(recommender.policy.currency, TODAY)
    return archive_release(home, recommender.versions, release, policy_folder(folder), terms)


def test_opening_a_home_keeps_its_release(recommender: Recommender, served_home: Home):
    kept = open_archived(served_home, recommender.versions.release_id)
    assert kept.versions == recommender.versions
    assert set(kept.models.models) == set(recommender.versions.models)
    assert kept.terms.currency == recommender.policy.currency
    with zipfile.ZipFile(kept.code_zip) as code:
        assert "linewise/decisioning/decide.py" in code.namelist()
    assert (kept.policy_folder / "catalogue.yaml").is_file()
    assert kept.lock_text


def test_a_release_is_kept_once_whoever_comes_and_nothing_half_written_stays(
    home: Home, recommender: Recommender, served_home: Home
):
    with ThreadPoolExecutor(4) as pool:
        folders = {one.result() for one in [pool.submit(keep, home, recommender, served_home) for _ in range(8)]}
    assert [path.name for path in home.archive_dir.iterdir()] == [recommender.versions.release_id]
    (folder,) = folders
    written = (folder / "parts.json").stat().st_mtime_ns
    keep(home, recommender, served_home)
    assert (folder / "parts.json").stat().st_mtime_ns == written


def test_a_policy_that_changed_since_it_was_read_is_not_kept_under_the_releases_name(
    home: Home, recommender: Recommender, served_home: Home, tmp_path: Path
):
    changed = Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))
    with (changed / "economics.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed under a running service\n")
    with pytest.raises(NotReady, match="policy economics"):
        keep(home, recommender, served_home, changed)
    assert list(home.archive_dir.iterdir()) == []


@pytest.mark.parametrize("release_id", ["0123456789abcdef", "../current", ""])
def test_a_release_that_is_not_there_is_named(home: Home, release_id: str):
    with pytest.raises(ReleaseNotArchived, match="is not in the archive"):
        open_archived(home, release_id)


def told(folder: Path, change) -> None:
    """Rewrite what the archive says of itself."""
    parts = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
    change(parts)
    (folder / "parts.json").write_text(json.dumps(parts), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda folder: (folder / "models/default/model.txt").unlink(), "model default"),
        (lambda folder: (folder / "models/default/spec.json").write_text("{}"), "model default"),
        (lambda folder: (folder / "policy/economics.yaml").unlink(), "policy economics"),
        (lambda folder: (folder / "policy/rules/bank.yaml").write_text(""), "policy rules"),
        (lambda folder: (folder / "requirements.lock").write_text("numpy==1"), "lock"),
        (lambda folder: (folder / "code.zip").unlink(), "code"),
        (lambda folder: told(folder, lambda parts: parts["versions"]["digests"].update(prices="0" * 64)), "parts.json"),
        (lambda folder: told(folder, lambda parts: parts["models"]["default"].update(sha256="0" * 64)), "parts.json"),
        (lambda folder: told(folder, lambda parts: parts["versions"].update(release_id="0" * 16)), "parts.json"),
        (lambda folder: (folder / "code.zip").write_bytes(b"no zip"), "code"),
        (lambda folder: zipfile.ZipFile(folder / "code.zip", "a").writestr("linewise/spy.py", ""), "code"),
    ],
    ids=[
        "model gone",
        "spec changed",
        "policy gone",
        "rules changed",
        "lock changed",
        "code gone",
        "a part renamed",
        "a model renamed",
        "renamed",
        "code garbled",
        "code added",
    ],
)
def test_what_is_gone_or_changed_in_an_archive_is_named(
    home: Home, recommender: Recommender, served_home: Home, damage, named: str
):
    folder = keep(home, recommender, served_home)
    damage(folder)
    with pytest.raises(ReleaseDamaged, match=named):
        open_archived(home, folder.name)


def test_versions_tell_parts_apart_after_the_archive(recommender: Recommender):
    other = replace(recommender.versions, digests={**recommender.versions.digests, "code": "0" * 64})
    assert other.parts["code"] != recommender.versions.parts["code"]
