import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from tests.conftest import QUICK
from tests.serving.homes import home_of_its_own
from training.retraining import train
from training.run_record import RUN_FILE, RunFacts, config_hash_of, snapshot_of
from training.specs import SPECS
from training.tracking import Registry

pytestmark = pytest.mark.slow


def test_the_settings_of_a_training_have_one_hash_that_every_change_changes():
    spec = SPECS["card_default"]
    hashes = {
        config_hash_of(spec, 1),
        config_hash_of(spec, 2),
        config_hash_of(spec.model_copy(update={"tree_count": 40}), 1),
        config_hash_of(SPECS["card_spend"], 1),
    }
    assert len(hashes) == 4
    assert config_hash_of(spec.model_copy(), 1) in hashes


def test_a_trained_version_says_what_it_was_made_of(served_home: Home):
    registry = Registry(served_home)
    champion = registry.champion("card_default")
    assert champion is not None
    told = registry.text_of(champion, RUN_FILE)
    assert told is not None
    run = RunFacts.model_validate_json(told)
    assert run.artefact_sha256 == champion.artefact_sha256
    assert run.snapshot == snapshot_of(served_home)
    assert run.snapshot.row_counts["customers"] == 2_000
    assert (run.config["repeat_count"], run.config_hash) == (1, champion.tags["config_hash"])
    assert run.libraries.keys() >= {"lightgbm", "numpy", "mlflow"}
    assert registry.text_of(champion, "none.json") is None


def test_the_same_training_again_makes_the_same_files_to_the_byte(served_home: Home, home: Home, undrawn: None):
    settings = load_settings(home=home_of_its_own(served_home, home).root)
    registry = Registry(home)
    first = registry.champion("card_spend")
    assert first is not None
    (again,) = train(settings, ["card_spend"], QUICK).models
    second = registry.version("card_spend", again.version)
    assert second.version != first.version
    assert second.artefact_sha256 == first.artefact_sha256
    assert [second.tags[name] for name in ("config_hash", "data_hash")] == [
        first.tags[name] for name in ("config_hash", "data_hash")
    ]
    (other,) = train(settings.model_copy(update={"seed": 1}), ["card_spend"], QUICK).models
    assert registry.version("card_spend", other.version).artefact_sha256 != first.artefact_sha256
