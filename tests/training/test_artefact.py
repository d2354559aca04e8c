import json
from dataclasses import replace
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from tests.training.builders import TRAINED_AT, a_dataset, a_spec, an_amount_dataset, an_amount_spec, an_offer_dataset
from training.amount_evaluation import cross_validate_amount
from training.amounts import fit_amount
from training.artefact import headline_metrics, read_artefact, write_artefact
from training.dose import bent
from training.evaluation import cross_validate
from training.fitting import fit_model

SPEC_KEYS = {
    "name", "label", "inputs", "feature_names", "offer_attributes", "calibration", "dose", "horizon_months",
    "definitions_hash", "data_hash", "trained_at", "training_rows", "positives", "metrics", "has_control_group",
    "kind", "offer_ids",
}  # fmt: skip


def test_the_two_text_files_alone_give_the_probability_back(tmp_path: Path):
    spec, data = a_spec(), a_dataset()
    fitted, evaluation = fit_model(spec, data, 5), cross_validate(spec, data, 5).evaluation
    write_artefact(tmp_path, spec, data, fitted, evaluation, TRAINED_AT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.txt", "spec.json"]

    said = json.loads((tmp_path / "spec.json").read_text(encoding="utf-8"))
    assert set(said) == SPEC_KEYS
    raw = lgb.Booster(model_file=tmp_path / "model.txt").predict(data.x, raw_score=True)
    assert data.principal_amt is not None
    assert data.scale_amt is not None
    ratio = data.principal_amt / np.fmax(data.scale_amt, said["dose"]["minimum_scale_amt"])
    margin = said["calibration"]["intercept"] + said["calibration"]["slope"] * raw
    margin = margin + said["dose"]["slope"] * np.log1p(ratio)
    np.testing.assert_allclose(1 / (1 + np.exp(-margin)), fitted.probability(data), rtol=1e-12)
    assert said["inputs"] == ["x0", "x1", "x2"]
    assert said["horizon_months"] == 20.5
    assert said["trained_at"] == "2026-11-23T09:00:00+00:00"
    assert (said["training_rows"], said["positives"]) == (300, int(data.y.sum()))


def test_a_calibration_that_bends_is_read_back_as_it_was_written(tmp_path: Path):
    spec, data = a_spec(), a_dataset()
    fitted, evaluation = fit_model(spec, data, 5), cross_validate(spec, data, 5).evaluation
    curved = replace(fitted, calibration=replace(fitted.calibration, top_ratio=-0.5, centre=-2.0))
    write_artefact(tmp_path, spec, data, curved, evaluation, TRAINED_AT)
    read, _ = read_artefact(tmp_path)
    np.testing.assert_allclose(read.probability(data), curved.probability(data), rtol=1e-12)
    assert not np.allclose(read.probability(data), fitted.probability(data))


def test_a_take_up_model_has_offer_attributes_and_no_dose(tmp_path: Path):
    spec, data = a_spec("card_take_up"), an_offer_dataset()
    evaluation = cross_validate(spec, data, 5).evaluation
    write_artefact(tmp_path, spec, data, fit_model(spec, data, 5), evaluation, TRAINED_AT)
    said = json.loads((tmp_path / "spec.json").read_text(encoding="utf-8"))
    assert said["dose"] is None
    assert said["inputs"] == said["feature_names"] + said["offer_attributes"] == ["x0", "offer_tier"]
    assert said["has_control_group"] is False


@pytest.mark.parametrize("name", ["default", "card_take_up"])
def test_every_headline_figure_has_both_ends_of_its_interval(name: str):
    data = a_dataset() if name == "default" else an_offer_dataset()
    metrics = headline_metrics(cross_validate(a_spec(name), data, 5).evaluation)
    for figure in ("auc", "logistic_auc", "auc_minus_logistic", "brier", "log_loss"):
        assert metrics[f"{figure}_low"] <= metrics[figure] <= metrics[f"{figure}_high"]
    assert ("case_auc" in metrics) == (name == "card_take_up")


@pytest.mark.parametrize("row_count", [300, 6_000])
def test_the_two_text_files_alone_give_the_amount_back(tmp_path: Path, row_count: int):
    spec, data = an_amount_spec(), an_amount_dataset(row_count)
    assert data.principal_amt is not None
    if row_count > 300:
        # Steep for some: then the slope has a factor of its own.
        more = np.where(data.x[:, 1] > 0, 0.4, 0.0) * np.log1p(data.principal_amt / data.scale_amt)
        data = replace(data, amount_amt=data.amount_amt + more * data.scale_amt)
    fitted, evaluation = fit_amount(spec, data, 5), cross_validate_amount(spec, data, 5)
    write_artefact(tmp_path, spec, data, fitted, evaluation, TRAINED_AT)
    said = json.loads((tmp_path / "spec.json").read_text(encoding="utf-8"))
    assert set(said) == SPEC_KEYS - {"calibration"}
    assert data.principal_amt is not None
    assert data.scale_amt is not None
    base = np.maximum(lgb.Booster(model_file=tmp_path / "model.txt").predict(data.x), 0)
    dose = said["dose"]
    assert ("factor" in dose) == (row_count > 300)
    index = base
    if factor := dose.get("factor"):
        away = np.clip((data.x - factor["centre"]) / factor["spread"], -5, 5)
        by_inputs = np.maximum(1 + factor["weights"][0] + away @ np.array(factor["weights"][1:]), 0)
        index = np.interp(base, factor["knots"], factor["slopes"]) * by_inputs
    slope = np.interp(index, dose["knots"], dose["slopes"])
    scale = np.fmax(data.scale_amt, dose["minimum_scale_amt"])
    expected = base + slope * bent(data.principal_amt / scale, dose["bend_ratio"])
    np.testing.assert_allclose(expected, fitted.share(data), rtol=1e-12)
    assert dose["anchor"] == "line"
    assert {"r2", "linear_r2", "r2_minus_linear", "mean_error_ratio_low"} <= set(said["metrics"])
