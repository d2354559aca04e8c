"""The folder that a registered version is: a text model and what is needed to read it, nothing pickled."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import lightgbm as lgb

from training.amount_evaluation import AmountEvaluation, Versus
from training.amounts import FittedAmount
from training.banded import BandedSlope
from training.calibration import Calibration
from training.dataset import Dataset
from training.effects.correcting import FittedEffect
from training.effects_of_dose import RaiseEffect
from training.evaluation import Comparison, Evaluation
from training.fitting import FittedModel
from training.specs import ModelSpec

__all__ = ["MODEL_FILE", "SPEC_FILE", "headline_metrics", "learnt_numbers", "read_artefact", "write_artefact"]

MODEL_FILE = "model.txt"
SPEC_FILE = "spec.json"


def write_artefact(
    folder: Path,
    spec: ModelSpec,
    data: Dataset,
    fitted: FittedModel | FittedAmount,
    evaluation: Evaluation | AmountEvaluation,
    trained_at: datetime,
) -> None:
    """Write `model.txt` (LightGBM's text) and `spec.json` into `folder`.

    trained_at: the bank's present moment, so that the same training writes the same bytes on another day.

    Whoever reads them needs neither MLflow nor this package: the formula that the numbers stand in is that
    of `training.fitting.FittedModel`, and of `training.amounts.FittedAmount` for an amount.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fitted.booster.save_model(folder / MODEL_FILE)
    text = json.dumps(_described(spec, data, fitted, evaluation, trained_at), indent=2, sort_keys=True)
    (folder / SPEC_FILE).write_text(text + "\n", encoding="utf-8")


def read_artefact(folder: Path) -> tuple[FittedModel, tuple[str, ...]]:
    """A model of a probability as `write_artefact` left it, and the names of its inputs in order."""
    spec = json.loads((folder / SPEC_FILE).read_text(encoding="utf-8"))
    dose, effect = spec["dose"] or {}, spec.get("effect")
    calibration = Calibration(
        spec["calibration"]["intercept"],
        spec["calibration"]["slope"],
        dose.get("slope", 0.0),
        dose.get("slope_error", 0.0),
        spec["calibration"].get("top_ratio", 0.0),
        spec["calibration"].get("centre", 0.0),
    )
    fitted = FittedModel(
        booster=lgb.Booster(model_file=folder / MODEL_FILE),
        calibration=calibration,
        minimum_scale_amt=dose.get("minimum_scale_amt"),
        effect=None if effect is None else _effect_of(effect),
        slope=BandedSlope.told(dose),
        bend_ratio=dose.get("bend_ratio", 1.0),
    )
    return fitted, tuple(spec["inputs"])


def _effect_of(told: Mapping[str, Any]) -> FittedEffect:
    numbers = {name: value for name, value in told.items() if name != "correction"}
    return FittedEffect(correction=lgb.Booster(model_str=told["correction"]), **numbers)


def headline_metrics(evaluation: Evaluation | AmountEvaluation) -> dict[str, float]:
    """The cross-validated figures by name; `_low` and `_high` are the ends of the 95% interval."""
    if isinstance(evaluation, AmountEvaluation):
        return _flat("r2", evaluation.r2, "linear") | _flat("mean_error_ratio", evaluation.mean_error_ratio, "linear")
    compared = {"auc": evaluation.auc, "brier": evaluation.brier, "log_loss": evaluation.log_loss}
    if evaluation.case_auc is not None:
        compared["case_auc"] = evaluation.case_auc
    metrics = {
        "calibration_intercept": evaluation.calibration_intercept,
        "calibration_slope": evaluation.calibration_slope,
    }
    for name, comparison in compared.items():
        metrics |= _flat(name, comparison, "logistic")
    return metrics


def _flat(name: str, comparison: Comparison | Versus, rival: str) -> dict[str, float]:
    parts = {
        name: comparison.model,
        f"{rival}_{name}": getattr(comparison, rival),
        f"{name}_minus_{rival}": comparison.difference,
    }
    return {
        f"{part}{suffix}": getattr(measured, field)
        for part, measured in parts.items()
        for suffix, field in (("", "value"), ("_low", "low"), ("_high", "high"))
    }


def _described(
    spec: ModelSpec,
    data: Dataset,
    fitted: FittedModel | FittedAmount,
    evaluation: Evaluation | AmountEvaluation,
    trained_at: datetime,
) -> dict[str, Any]:
    return learnt_numbers(spec, fitted) | {
        "name": spec.name,
        "kind": spec.kind,
        "label": spec.label,
        "inputs": list(data.inputs),
        "feature_names": list(data.feature_names),
        "offer_attributes": list(data.offer_attributes),
        "offer_ids": list(data.offer_ids),
        "horizon_months": data.horizon_months,
        "definitions_hash": data.definitions_hash,
        "data_hash": data.data_hash,
        "trained_at": trained_at.isoformat(),
        "training_rows": evaluation.row_count,
        "positives": evaluation.positive_count,
        "metrics": headline_metrics(evaluation),
        # Without one take-up is not known apart from what would have come by itself.
        "has_control_group": data.has_control_group,
    }


def _by_band(slope: BandedSlope, bend_ratio: float) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: getattr(slope, name).tolist() for name in ("knots", "slopes", "errors")}
    return numbers | {"bend_ratio": bend_ratio}


def _factor(effect: RaiseEffect) -> dict[str, Any]:
    if effect.factor is None or effect.beneath is None:
        return {}
    factor, beneath = effect.factor, effect.beneath
    numbers = {"centre": factor.standard.centre, "spread": factor.standard.spread, "weights": factor.weights}
    numbers |= {"knots": beneath.knots, "slopes": beneath.slopes}
    return {"factor": {name: one.tolist() for name, one in numbers.items()}}


def learnt_numbers(spec: ModelSpec, fitted: FittedModel | FittedAmount) -> dict[str, Any]:
    """The numbers beside the trees, as spec.json holds them."""
    dose: dict[str, Any] | None = None
    if spec.dose is not None:
        dose = {
            "anchor": spec.dose.anchor,
            "scale_feature": spec.dose.scale_feature,
            "minimum_scale_amt": fitted.minimum_scale_amt,
        }
    if isinstance(fitted, FittedAmount):
        by_band = _by_band(fitted.effect.slope, fitted.bend_ratio)
        sign = {"falls": True} if fitted.falls else {}
        return {"dose": (dose or {}) | by_band | _factor(fitted.effect) | sign}
    calibration = fitted.calibration
    if dose is not None and fitted.slope is not None:
        dose |= _by_band(fitted.slope, fitted.bend_ratio)
    elif dose is not None:
        dose |= {"slope": calibration.dose_slope, "slope_error": calibration.dose_slope_error}
    numbers = {"slope": calibration.slope, "intercept": calibration.intercept}
    if calibration.top_ratio != 0.0:
        numbers |= {"top_ratio": calibration.top_ratio, "centre": calibration.centre}
    learnt = {"calibration": numbers, "dose": dose}
    return learnt if fitted.effect is None else learnt | {"effect": _of_effect(fitted.effect)}


def _of_effect(effect: FittedEffect) -> dict[str, Any]:
    """What showing adds: the numbers of `FittedEffect`, its trees as LightGBM's text."""
    numbers = {one.name: getattr(effect, one.name) for one in fields(effect) if one.name != "correction"}
    return numbers | {"correction": effect.correction.model_to_string()}
