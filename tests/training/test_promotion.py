import json
import shutil
from pathlib import Path

import pytest

from linewise.core.errors import Conflict, NotFound, UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from tests.training.builders import registered
from training.promotion import Beside, history, make_champion, promote, undoing
from training.promotion_log import LOG_NAME, log_trouble, promoting
from training.tracking import Registry


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose model has two versions, the first of which is champion by itself."""
    settings = load_settings(home=tmp_path_factory.mktemp("promoted"))
    registry = Registry(settings.paths)
    first = registered(registry, seed=0)
    make_champion(settings.paths, registry, first, "the first version of its name", beside=Beside(act="first"))
    registered(registry, seed=1)
    return settings


def champion(settings: Settings) -> int | None:
    found = Registry(settings.paths).champion("default")
    return found.version if found else None


def test_a_promotion_moves_the_champion_and_is_written_down(settings: Settings):
    promoted = promote(settings, "default", 2, "better ranking")
    assert champion(settings) == 2
    back = promote(settings, "default", 1, "the better ranking was chance")
    assert champion(settings) == 1
    assert history(settings)[-2:] == (promoted, back)
    assert [(row.previous_version, row.version) for row in history(settings)] == [(None, 1), (1, 2), (2, 1)]
    assert history(settings)[1].reason == "better ranking"
    assert len(promoted.artefact_sha256) == 64


@pytest.mark.parametrize(
    ("name", "version", "reason", "error", "words"),
    [
        ("default", 7, "why", NotFound, "no version 7"),
        ("churn", 1, "why", NotFound, "registry: none"),
        ("default", 2, "  ", UsageError, "needs a reason"),
        ("default", 1, "why", UsageError, "is the champion already"),
    ],
)
def test_a_promotion_that_makes_no_sense_changes_nothing(
    settings: Settings, name: str, version: int, reason: str, error: type[Exception], words: str
):
    before = champion(settings), history(settings)
    with pytest.raises(error) as caught:
        promote(settings, name, version, reason)
    assert words in str(caught.value)
    assert (champion(settings), history(settings)) == before


def test_where_the_row_cannot_be_written_the_alias_goes_back(settings: Settings):
    log = settings.paths.mlruns_dir / LOG_NAME
    kept, before = log.read_bytes(), champion(settings)
    log.unlink()
    log.mkdir()
    other = 2 if before == 1 else 1
    with pytest.raises(OSError, match=LOG_NAME):
        promote(settings, "default", other, "why")
    assert champion(settings) == before
    log.rmdir()
    log.write_bytes(kept)


def test_a_home_without_promotions_has_an_empty_history(tmp_path: Path, home: Home):
    assert history(load_settings(home=home.root)) == ()
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def three_made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """What `three_versions` copies."""
    home = Home(tmp_path_factory.mktemp("three") / "home")
    registry = Registry(home)
    for seed in range(3):
        version = registered(registry, seed=seed)
        make_champion(home, registry, version, "why", beside=Beside(act="promote" if seed else "first"))
    return home


@pytest.fixture
def three_versions(three_made: Home, home: Home) -> Settings:
    """A home whose model has a first champion and two versions that were promoted over it, for a test to change."""
    shutil.copytree(three_made.root, home.root)
    return load_settings(home=home.root)


def roll_back(settings: Settings) -> int:
    found = undoing(settings)
    beside = Beside(act="rollback", by=("anna",), undoes=found.undone.number)
    return make_champion(settings.paths, Registry(settings.paths), found.restored, "why", beside=beside).version


def test_each_rollback_goes_one_promotion_further_back_and_never_to_and_fro(three_versions: Settings):
    assert [roll_back(three_versions), roll_back(three_versions)] == [2, 1]
    assert champion(three_versions) == 1
    with pytest.raises(Conflict, match="no promotion to take back"):
        undoing(three_versions)
    promote(three_versions, "default", 3, "found to be right after all")
    assert roll_back(three_versions) == 1
    assert [row.act for row in history(three_versions)] == [
        "first", "promote", "promote", "rollback", "rollback", "promote", "rollback",
    ]  # fmt: skip


def test_a_model_that_was_never_promoted_cannot_be_rolled_back(three_versions: Settings):
    with pytest.raises(Conflict, match="of 'card_take_up' to take back"):
        undoing(three_versions, "card_take_up")


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (lambda lines: [lines[0].replace("why", "because"), *lines[1:]], 2),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[0], lines[1], lines[1], lines[2]], 3),
        (lambda lines: lines[1:], 1),
    ],
    ids=["altered", "taken out", "put in", "cut off at the beginning"],
)
def test_a_log_that_was_tampered_with_says_where(three_versions: Settings, change, row: int):
    log = three_versions.paths.mlruns_dir / LOG_NAME
    assert log_trouble(three_versions.paths) == []
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    assert log_trouble(three_versions.paths)[0].startswith(f"row {row} ")


def test_rows_of_before_they_were_linked_are_read_and_followed(three_versions: Settings):
    log = three_versions.paths.mlruns_dir / LOG_NAME
    old = {"at": "2026-01-01T00:00:00Z", "name": "default", "version": 1, "previous_version": None, "reason": "why",
           "run_id": "r", "artefact_sha256": "a"}  # fmt: skip
    log.write_text(json.dumps(old) + "\n", encoding="utf-8")
    promote(three_versions, "default", 1, "again")
    assert [(row.number, row.act) for row in history(three_versions)] == [(1, "promote"), (2, "promote")]
    assert log_trouble(three_versions.paths) == []


def test_two_promotions_at_once_are_one_and_a_refusal(home: Home):
    with promoting(home), pytest.raises(Conflict, match="just now"), promoting(home):
        pass
    with promoting(home):
        pass
