"""Champions come to local disk whole and checked, and are opened there without MLflow."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from linewise.core.errors import DataCheckFailed, ModelMissing
from linewise.core.files import sha256_of
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from serving.scoring.registry import (
    MODEL_NAMES,
    POINTER,
    champion_versions,
    fetch_release,
    local_release,
    open_release,
    pull_release,
)
from tests.training.builders import registered, two_champions
from training.tracking import Registry, Version

OPENING = """
import sys
from pathlib import Path
from linewise.core.home import Home
from serving.scoring.registry import open_release
release = open_release(Home(Path(sys.argv[1])))
print(sorted(release.models), sorted({"mlflow", "feast"} & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def registry_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose registry has a champion of each model, and nothing pulled."""
    home = Home(tmp_path_factory.mktemp("registry"))
    two_champions(home)
    return home


@pytest.fixture
def unpulled(registry_home: Home) -> Home:
    """The same home without a release on local disk."""
    shutil.rmtree(registry_home.releases_dir, ignore_errors=True)
    return registry_home


def champion(home: Home, name: str) -> Version:
    found = Registry(home).champion(name)
    assert found is not None
    return found


def test_a_pulled_release_holds_the_champions_files_as_registered(unpulled: Home):
    release = pull_release(unpulled)
    assert set(release.models) == {"card_take_up", "default"}
    for name, files in release.models.items():
        registered_one = champion(unpulled, name)
        assert sorted(path.name for path in files.folder.iterdir()) == ["model.txt", "spec.json"]
        assert files.folder.parent == unpulled.releases_dir / release.key
        assert (files.version, files.run_id) == (registered_one.version, registered_one.run_id)
        assert files.sha256 == registered_one.artefact_sha256
        assert files.sha256 == sha256_of(files.folder / "model.txt", files.folder / "spec.json")
        assert files.spec == json.loads((files.folder / "spec.json").read_text(encoding="utf-8"))
        assert files.spec["name"] == name


def test_an_opened_release_is_the_pulled_one(unpulled: Home):
    assert local_release(unpulled) is None
    pulled = open_release(unpulled)
    assert open_release(unpulled) == pulled == local_release(unpulled) == pull_release(unpulled)


def test_a_release_on_local_disk_is_opened_without_mlflow(unpulled: Home):
    pull_release(unpulled)
    done = subprocess.run(
        [sys.executable, "-c", OPENING, str(unpulled.root)],
        cwd=checkout_dir(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "['card_take_up', 'default'] []"


@pytest.mark.parametrize("file", ["model.txt", "spec.json"])
def test_a_damaged_or_absent_file_is_fetched_anew(unpulled: Home, file: str):
    path = pull_release(unpulled).models["default"].folder / file
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    assert local_release(unpulled) is None
    open_release(unpulled)
    assert path.read_bytes() == whole
    path.unlink()
    open_release(unpulled)
    assert path.read_bytes() == whole


def test_a_promotion_makes_another_release_and_the_old_one_stays_for_replay(unpulled: Home):
    old = pull_release(unpulled)
    before = champion(unpulled, "default").version
    registry = Registry(unpulled)
    registry.set_champion("default", registered(registry, seed=5).version)
    new = pull_release(unpulled)
    assert new.key != old.key
    assert open_release(unpulled) == new
    assert old.models["default"].folder.is_dir()
    registry.set_champion("default", before)
    assert pull_release(unpulled) == old


def test_a_model_that_decides_nothing_is_no_part_of_a_release(unpulled: Home):
    kept, registry = pull_release(unpulled), Registry(unpulled)
    first, second = (registered(registry, "offer_pitch", seed=seed) for seed in (1, 2))
    registry.set_champion("offer_pitch", first.version)
    assert pull_release(unpulled) == kept
    assert fetch_release(unpulled, {"offer_pitch": second.version}) == kept


def test_files_that_are_not_those_registered_are_refused_and_the_release_stays(unpulled: Home):
    kept = pull_release(unpulled)
    before = champion(unpulled, "default").version
    registry = Registry(unpulled)
    forged = registered(registry, seed=6)
    registry.set_champion("default", forged.version)
    stored = unpulled.mlruns_dir / "artifacts" / forged.run_id / "artifacts" / "model" / "model.txt"
    stored.write_text(stored.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(DataCheckFailed) as caught:
        pull_release(unpulled)
    assert "'default'" in str(caught.value)
    assert open_release(unpulled) == kept
    assert [path.name for path in unpulled.releases_dir.iterdir() if path.name.startswith(".")] == []
    registry.set_champion("default", before)


def test_a_model_without_a_champion_is_named(home: Home):
    registry = Registry(home)
    registry.set_champion("default", registered(registry).version)
    with pytest.raises(ModelMissing) as caught:
        pull_release(home)
    assert "'card_take_up'" in str(caught.value)
    assert not (home.releases_dir / POINTER).exists()
    assert champion_versions(home) == dict.fromkeys(MODEL_NAMES) | {"default": 1}


def test_a_home_without_a_registry_says_what_to_run_and_makes_nothing(tmp_path: Path, home: Home):
    with pytest.raises(ModelMissing) as caught:
        open_release(home)
    assert "linewise model train" in str(caught.value)
    assert champion_versions(home) == dict.fromkeys(MODEL_NAMES)
    assert list(tmp_path.iterdir()) == []
