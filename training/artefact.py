"""The folder that a registered version is: a text model and what is needed to read it, nothing pickled."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from training.dataset import Dataset
from training.evaluation import Comparison, Evaluation
from training.fitting import FittedModel
from training.specs import ModelSpec

__all__ = ["MODEL_FILE", "SPEC_FILE", "headline_metrics", "write_artefact"]

MODEL_FILE = "model.txt"
SPEC_FILE = "spec.json"


def write_artefact(
    folder: Path,
    spec: ModelSpec,
    data: Dataset,
    fitted: FittedModel,
    evaluation: Evaluation,
    trained_at: datetime,
) -> None:
    """Write `model.txt` (LightGBM's text) and `spec.json` into `folder`.

    Whoever reads them needs neither MLflow nor this package: the formula that the numbers stand in is that
    of `training.fitting.FittedModel`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fitted.booster.save_model(folder / MODEL_FILE)
    text = json.dumps(_described(spec, data, fitted, evaluation, trained_at), indent=2, sort_keys=True)
    (folder / SPEC_FILE).write_text(text + "\n", encoding="utf-8")


def headline_metrics(evaluation: Evaluation) -> dict[str, float]:
    """The cross-validated figures by name; `_low` and `_high` are the ends of the 95% interval."""
    compared = {"auc": evaluation.auc, "brier": evaluation.brier, "log_loss": evaluation.log_loss}
    if evaluation.case_auc is not None:
        compared["case_auc"] = evaluation.case_auc
    metrics = {
        "calibration_intercept": evaluation.calibration_intercept,
        "calibration_slope": evaluation.calibration_slope,
    }
    for name, comparison in compared.items():
        metrics |= _flat(name, comparison)
    return metrics


def _flat(name: str, comparison: Comparison) -> dict[str, float]:
    parts = {
        name: comparison.model,
        f"logistic_{name}": comparison.logistic,
        f"{name}_minus_logistic": comparison.difference,
    }
    return {
        f"{part}{suffix}": getattr(measured, field)
        for part, measured in parts.items()
        for suffix, field in (("", "value"), ("_low", "low"), ("_high", "high"))
    }


def _described(
    spec: ModelSpec, data: Dataset, fitted: FittedModel, evaluation: Evaluation, trained_at: datetime
) -> dict[str, Any]:
    calibration = fitted.calibration
    dose = None
    if spec.dose is not None:
        dose = {
            "slope": calibration.dose_slope,
            "scale_feature": spec.dose.scale_feature,
            "minimum_scale_amt": fitted.minimum_scale_amt,
        }
    return {
        "name": spec.name,
        "label": spec.label,
        "inputs": list(data.inputs),
        "feature_names": list(data.feature_names),
        "offer_attributes": list(data.offer_attributes),
        "calibration": {"slope": calibration.slope, "intercept": calibration.intercept},
        "dose": dose,
        "horizon_months": data.horizon_months,
        "definitions_hash": data.definitions_hash,
        "data_hash": data.data_hash,
        "trained_at": trained_at.isoformat(),
        "training_rows": evaluation.row_count,
        "positives": evaluation.positive_count,
        "metrics": headline_metrics(evaluation),
        # Nobody was withheld an offer at random, so take-up is not yet known apart from what would have come.
        "has_control_group": False,
    }
