"""Pictures of a model: is it calibrated, does it rank, what does it look at."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import roc_curve

from training.amount_evaluation import AmountCrossValidation
from training.amounts import FittedAmount
from training.dataset import Dataset
from training.evaluation import CrossValidation
from training.fitting import FittedModel
from training.intervals import Measured
from training.specs import ModelSpec

__all__ = ["draw_amount_plots", "draw_plots"]

SHOWN_INPUTS = 20


def draw_plots(folder: Path, spec: ModelSpec, data: Dataset, fitted: FittedModel, checked: CrossValidation) -> None:
    """Write calibration.png, roc.png and gain.png into `folder`.

    Figures are made without pyplot, so none stays open in the process.
    """
    _save(
        folder,
        {"calibration": _calibration(spec, checked), "roc": _roc(spec, data, checked), "gain": _gain(spec, fitted)},
    )


def draw_amount_plots(folder: Path, spec: ModelSpec, fitted: FittedAmount, checked: AmountCrossValidation) -> None:
    """Write calibration.png and gain.png into `folder`."""
    bands = checked.evaluation.bands
    title, share = f"{spec.name}: calibration by fifths", "share of the line"
    calibration = _by_fifths(
        [band.expected_ratio for band in bands],
        [band.observed for band in bands],
        (title, f"expected {share}, out of fold", f"observed {share}, 95% interval"),
    )
    _save(folder, {"calibration": calibration, "gain": _gain(spec, fitted)})


def _save(folder: Path, figures: dict[str, Figure]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=120, bbox_inches="tight")


def _calibration(spec: ModelSpec, checked: CrossValidation) -> Figure:
    bands = checked.evaluation.bands
    return _by_fifths(
        [band.expected for band in bands],
        [band.observed for band in bands],
        (
            f"{spec.name}: calibration by fifths",
            "expected share, out of fold",
            "observed share, 95% Jeffreys interval",
        ),
    )


def _by_fifths(expected: list[float], measured: list[Measured], words: tuple[str, str, str]) -> Figure:
    """Observed over expected with their intervals; words: title, below, beside."""
    observed = np.array([one.value for one in measured])
    ends = np.array([[one.value - one.low, one.high - one.value] for one in measured]).T
    top = 1.05 * max(*expected, float((observed + ends[1]).max()))
    figure = Figure(figsize=(5, 5))
    axes = figure.subplots()
    axes.plot([0, top], [0, top], color="0.7", linewidth=1)
    axes.errorbar(expected, observed, yerr=ends, fmt="o", capsize=3)
    axes.set(xlim=(0, top), ylim=(0, top), xlabel=words[1], ylabel=words[2], title=words[0])
    return figure


def _roc(spec: ModelSpec, data: Dataset, checked: CrossValidation) -> Figure:
    evaluation = checked.evaluation
    figure = Figure(figsize=(5, 5))
    axes = figure.subplots()
    for label, score, measured in (
        ("LightGBM", checked.probability, evaluation.auc.model),
        ("logistic regression", checked.logistic_probability, evaluation.auc.logistic),
    ):
        false_rate, true_rate, _ = roc_curve(data.y, score)
        axes.plot(false_rate, true_rate, label=f"{label}: {measured}")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.set(xlabel="false positive rate", ylabel="true positive rate", title=f"{spec.name}: ROC, out of fold")
    axes.legend(loc="lower right", title="AUC with 95% interval")
    return figure


def _gain(spec: ModelSpec, fitted: FittedModel | FittedAmount) -> Figure:
    gain = fitted.booster.feature_importance(importance_type="gain")
    names = np.array(fitted.booster.feature_name())
    order = np.argsort(gain, kind="stable")[-SHOWN_INPUTS:]
    figure = Figure(figsize=(7, 6))
    axes = figure.subplots()
    axes.barh(names[order], gain[order])
    axes.set(xlabel="total gain", title=f"{spec.name}: what the trees look at")
    return figure
