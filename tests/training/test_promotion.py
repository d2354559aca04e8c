from pathlib import Path

import pytest

from linewise.core.errors import NotFound, UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from tests.training.builders import registered
from training.promotion import LOG_NAME, history, make_champion, promote
from training.tracking import Registry


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose model has two versions, the first of which is champion by itself."""
    settings = load_settings(home=tmp_path_factory.mktemp("promoted"))
    registry = Registry(settings.paths)
    make_champion(settings.paths, registry, registered(registry, seed=0), "the first version of its name")
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
