import sqlite3
from pathlib import Path

import pytest

from linewise.core.errors import NotFound
from linewise.core.files import sha256_of
from linewise.core.home import Home
from tests.training.builders import registered, registered_amount
from tests.training.gate.builders import a_report, an_amount_report
from training.amount_evaluation import AmountEvaluation
from training.report.amount_report import AmountReport
from training.report.model_report import REPORT_FILE, ModelReport
from training.specs import SPECS
from training.tracking import Registry


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("tracked"))


@pytest.fixture(scope="module")
def registry(home: Home) -> Registry:
    """A registry with two versions of one model; the second is the champion."""
    registry = Registry(home)
    registered(registry, seed=0)
    registry.set_champion("default", registered(registry, seed=1).version)
    return registry


def test_versions_are_counted_from_one(registry: Registry):
    assert [one.version for one in registry.versions("default")] == [1, 2]
    assert registry.versions("churn") == ()


def test_the_champion_is_found_by_its_alias(registry: Registry):
    champion = registry.champion("default")
    assert champion is not None
    assert champion.version == 2
    assert registry.champion("churn") is None


def test_an_unknown_version_is_refused_and_the_known_are_named(registry: Registry):
    with pytest.raises(NotFound) as caught:
        registry.version("default", 9)
    assert "Versions of it in the registry: 1, 2." in str(caught.value)
    with pytest.raises(NotFound):
        registry.version("' or name = 'default", 1)


def test_the_store_is_sqlite_and_files_lie_below_the_home(home: Home, registry: Registry):
    run = registry.version("default", 1).run_id
    folder = home.mlruns_dir / "artifacts" / run / "artifacts" / "model"
    assert sorted(path.name for path in folder.iterdir()) == ["model.txt", "spec.json"]
    sha = sha256_of(folder / "model.txt", folder / "spec.json")
    assert sha == registry.version("default", 1).artefact_sha256


def test_a_run_is_finished_and_carries_figures_with_intervals(home: Home, registry: Registry):
    run = registry.version("default", 1).run_id
    with sqlite3.connect(home.mlruns_dir / "mlflow.db") as store:
        (status,) = store.execute("select status from runs where run_uuid = ?", [run]).fetchone()
        logged = {key for (key,) in store.execute("select key from metrics where run_uuid = ?", [run])}
    store.close()
    assert status == "FINISHED"
    assert {"auc", "auc_low", "auc_high", "logistic_auc", "auc_minus_logistic_low", "brier"} <= logged


def test_the_evaluation_comes_back_as_it_was_logged(registry: Registry):
    evaluation = registry.evaluation(registry.version("default", 1))
    assert evaluation.row_count == 300
    assert len(evaluation.fold_auc) == 6


def test_an_evaluation_of_an_amount_comes_back_as_one(registry: Registry):
    evaluation = registry.evaluation(registered_amount(registry))
    assert isinstance(evaluation, AmountEvaluation)
    assert evaluation.raised_count > 0


def test_a_challenger_that_becomes_champion_is_a_challenger_no_longer(home: Home, registry: Registry):
    registry.set_challenger("default", 1)
    assert aliases(home) == {"champion": 2, "challenger": 1}
    registry.set_champion("default", 1)
    assert aliases(home) == {"champion": 1}
    registry.set_champion("default", 2)


def aliases(home: Home) -> dict[str, int]:
    with sqlite3.connect(home.mlruns_dir / "mlflow.db") as store:
        rows = store.execute("select alias, version from registered_model_aliases").fetchall()
    store.close()
    return dict(rows)


def test_what_a_killed_training_left_is_put_right_and_the_champion_stays(tmp_path: Path):
    registry = Registry(Home(tmp_path))
    good = registered(registry)
    registry.set_champion("default", good.version)
    left = registered(registry, seed=1)
    client = registry._client
    client.update_run(left.run_id, status="RUNNING")
    assert registry.put_right() == 1
    assert [one.version for one in registry.versions("default")] == [good.version]
    assert client.get_run(left.run_id).info.status == "KILLED"
    assert registry.put_right() == 0
    champion = registry.champion("default")
    assert champion is not None
    assert champion.version == good.version


def test_an_empty_registry_has_nothing_to_put_right(tmp_path: Path):
    assert Registry(Home(tmp_path)).put_right() == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("report", [a_report(), an_amount_report()], ids=["probability", "amount"])
def test_a_report_is_read_back_as_the_kind_it_is(tmp_path: Path, report: ModelReport | AmountReport):
    registry = Registry(Home(tmp_path))
    version = registered(registry)
    registry.put_text(version, REPORT_FILE, report.model_dump_json())
    assert registry.report(version) == report


def test_the_recipe_of_a_version_is_read_back(tmp_path: Path):
    registry = Registry(Home(tmp_path))
    version = registered(registry)
    assert registry.recipe(version) == SPECS["default"]
    assert registry.report(version) is None
    assert registry.report_page(version) is None
