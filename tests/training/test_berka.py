"""Both models on the real accounts of Berka, from the bank's files to a registered champion."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewise.bank.importing import import_bank
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from serving.scoring.registry import open_release, pull_release
from training.evaluation import Comparison
from training.promotion import history, promote
from training.retraining import Trained, TrainReport, train

pytestmark = pytest.mark.slow

FASTER = ("repeat_count=2",)


@pytest.fixture(scope="module")
def settings(berka_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load_settings(home=tmp_path_factory.mktemp("berka"))
    import_bank("berka", berka_dir, settings.paths, datetime.now(UTC))
    return settings


@pytest.fixture(scope="module")
def report(settings: Settings) -> TrainReport:
    with pytest.MonkeyPatch.context() as undrawn:
        undrawn.setattr("training.reporting.as_png", lambda figure: b"undrawn")
        return train(settings, overrides=FASTER)


def model(report: TrainReport, name: str) -> Trained:
    return next(one for one in report.models if one.name == name)


def test_there_are_682_loans_of_which_76_went_bad(report: TrainReport):
    evaluation = model(report, "default").evaluation
    assert (evaluation.row_count, evaluation.positive_count, evaluation.customer_count) == (682, 76, 682)


def test_there_are_504_customers_without_a_card_of_whom_43_took_one(report: TrainReport):
    evaluation = model(report, "card_take_up").evaluation
    assert (evaluation.row_count, evaluation.positive_count, evaluation.customer_count) == (3 * 504, 43, 504)
    assert evaluation.case_auc is not None


@pytest.mark.parametrize(("name", "least_auc"), [("default", 0.85), ("card_take_up", 0.70)])
def test_both_models_rank_and_stand_beside_a_logistic_regression(report: TrainReport, name: str, least_auc: float):
    evaluation = model(report, name).evaluation
    auc: Comparison = evaluation.auc
    assert auc.model.value > least_auc
    assert 0.5 < auc.model.low < auc.model.value < auc.model.high
    assert auc.logistic.low < auc.logistic.value < auc.logistic.high
    assert auc.difference.value == pytest.approx(auc.model.value - auc.logistic.value)
    assert len(evaluation.fold_auc) == 10
    assert 0.6 < evaluation.calibration_slope < 1.6


def test_the_first_models_serve_and_the_next_wait_until_promoted(
    settings: Settings, report: TrainReport, undrawn: None
):
    assert all(one.is_champion and one.version == 1 for one in report.models)
    pull_release(settings.paths)
    again = train(settings, ["default"], ("repeat_count=1", "leaf_count=3")).models[0]
    assert (again.version, again.is_champion) == (2, False)
    assert again.data_hash == model(report, "default").data_hash
    assert open_release(settings.paths).models["default"].version == 1

    promote(settings, "default", 2, "smaller trees")
    pull_release(settings.paths)
    release = open_release(settings.paths)
    assert {name: one.version for name, one in release.models.items()} == {"card_take_up": 1, "default": 2}
    moves = [(row.name, row.version, row.previous_version) for row in history(settings)]
    assert moves == [("default", 1, None), ("card_take_up", 1, None), ("default", 2, 1)]


def test_the_dose_is_kept_apart_and_non_negative(settings: Settings, report: TrainReport):
    files = open_release(pull_home(settings)).models["default"]
    spec = json.loads((files.folder / "spec.json").read_text(encoding="utf-8"))
    assert spec["dose"]["slope"] >= 0
    assert spec["dose"]["scale_feature"] == "income_amt_12m"
    assert "age_years" not in spec["inputs"]
    assert 19 < spec["horizon_months"] < 22


def pull_home(settings: Settings) -> Home:
    pull_release(settings.paths)
    return settings.paths
