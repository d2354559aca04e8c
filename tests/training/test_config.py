from pathlib import Path

import pytest

from linewise.core.errors import UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from tests.conftest import QUICK
from training.config import load_train_config
from training.dry_run import planned_training
from training.tracking import Registry


def test_a_file_says_what_the_command_line_would(tmp_path: Path):
    path = tmp_path / "monthly.yaml"
    path.write_text("seed: 7\nmodels:\n  default: {tree_count: 40, learning_rate: 0.1}\n  card_default: {}\n", "utf-8")
    found = load_train_config(path)
    assert (found.seed, found.names) == (7, ("default", "card_default"))
    assert found.overrides == ("default.tree_count=40", "default.learning_rate=0.1")
    assert load_train_config(None).names == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("sed: 7\n", "sed"), ("seed: -1\n", "seed"), ("models: [default]\n", "models"), ("a: [\n", "line")],
)
def test_a_file_that_says_something_else_is_refused_with_its_line(tmp_path: Path, text: str, words: str):
    path = tmp_path / "monthly.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        load_train_config(path)
    with pytest.raises(UsageError, match="not there"):
        load_train_config(tmp_path / "none.yaml")


def test_a_dry_run_tells_what_would_be_learnt_from_and_registers_nothing(served_home: Home):
    registry, settings = Registry(served_home), load_settings(home=served_home.root)
    before = registry.versions("card_default")
    plan = planned_training(settings, ["card_default"], QUICK)
    (one,) = plan.models
    assert (one.data_hash, plan.snapshot.row_counts["customers"]) == (before[-1].tags["data_hash"], 2_000)
    assert 0 < one.positive_count < one.row_count
    assert plan.models == planned_training(settings, ["card_default"], QUICK).models
    assert registry.versions("card_default") == before
