"""What a model is worth on customers it has not seen, beside a logistic regression on the very same folds."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from linewise.quality.intervals import Measured, jeffreys
from training.calibration import fit_calibration
from training.crossing import Crossing, beside_rival
from training.dataset import Dataset
from training.fitting import fit_model
from training.folds import repeated_folds
from training.log_odds import SURE, level_shift, log_odds
from training.logistic import fit_logistic
from training.specs import ModelSpec

__all__ = ["Band", "Comparison", "CrossValidation", "Evaluation", "cross_validate"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Split = tuple[int, int, Integers, Integers]  # repeat, fold, training rows, test rows
Judge = Callable[[Dataset, Floats], float]

BAND_COUNT = 5


class Comparison(BaseModel):
    """One figure of the model, of the logistic regression, and of their difference fold by fold."""

    model_config = ConfigDict(frozen=True)

    model: Measured
    logistic: Measured
    difference: Measured


class Band(BaseModel):
    """A fifth of the rows by predicted probability; `observed` carries its Jeffreys interval."""

    model_config = ConfigDict(frozen=True)

    row_count: int
    positive_count: int
    expected: float
    observed: Measured
    observed_to_expected: Measured


class Evaluation(Crossing):
    """Out-of-fold figures; each interval is the corrected resampled t interval (see `intervals`).

    `case_auc` asks whether any offer of a case is taken, so knowing which offer sells well does not help
    it; it is None where each case has one row. `calibration_intercept` is the shift of log-odds that makes
    observed equal expected (0 is right), `calibration_slope` the factor on log-odds (1 is right, below 1
    the probabilities are too spread); both are means over repeats.
    """

    auc: Comparison
    brier: Comparison
    log_loss: Comparison
    case_auc: Comparison | None
    calibration_intercept: float
    calibration_slope: float
    bands: tuple[Band, ...]
    fold_auc: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """The figures, and the out-of-fold probabilities (n_rows,) averaged over repeats."""

    evaluation: Evaluation
    probability: Floats


def cross_validate(
    spec: ModelSpec, data: Dataset, seed: int, progress: Callable[[int], None] | None = None
) -> CrossValidation:
    """Repeated customer-wise stratified cross-validation, nested.

    In each fold the whole way is walked on the training part alone, the calibration and the rival's penalty
    included, and the test part is only scored. `progress` is told of each fold done.
    """
    judges = _judges(data)
    splits = list(repeated_folds(data.y, data.groups, spec.fold_count, spec.repeat_count, seed))

    def ours(split: Split) -> Floats:
        found = fit_model(spec, data.rows(split[2]), seed).probability(data.rows(split[3]))
        if progress is not None:
            progress(1)
        return found

    def rivals(split: Split) -> Floats:
        return fit_logistic(spec, data.rows(split[2]), seed).probability(data.rows(split[3]))

    # The rival walks in a thread beside. LightGBM stays in this one: it keeps its number of threads for the
    # whole process, and two trainings at once have crashed in its bins.
    with ThreadPoolExecutor(max_workers=1) as beside:
        found_beside = beside.map(rivals, splits)
        pairs = [(ours(split), rival) for split, rival in zip(splits, found_beside, strict=True)]
    figures = [
        {name: (judge(data.rows(split[3]), one), judge(data.rows(split[3]), other)) for name, judge in judges.items()}
        for split, (one, other) in zip(splits, pairs, strict=True)
    ]
    probability = _by_repeat(spec, data, splits, [one for one, _ in pairs])
    compared = {name: _compare(name, [one[name] for one in figures], spec.fold_count) for name in judges}
    evaluation = Evaluation(
        **Crossing.over(spec, data, seed).model_dump(),
        auc=compared["auc"],
        brier=compared["brier"],
        log_loss=compared["log_loss"],
        case_auc=compared.get("case_auc"),
        calibration_intercept=float(np.mean([level_shift(data.y, row) for row in probability])),
        calibration_slope=float(np.mean([fit_calibration(log_odds(row), data.y).slope for row in probability])),
        bands=_bands(data.y, probability.mean(axis=0)),
        fold_auc=tuple(one["auc"][0] for one in figures),
    )
    return CrossValidation(evaluation, probability.mean(axis=0))


def _by_repeat(spec: ModelSpec, data: Dataset, splits: Sequence[Split], found: Sequence[Floats]) -> Floats:
    """Out-of-fold probabilities (n_repeats, n_rows), put together from the folds' test parts."""
    together = np.empty((spec.repeat_count, len(data.y)))
    for (repeat, _, _, test), values in zip(splits, found, strict=True):
        together[repeat, test] = values
    return together


def _judges(data: Dataset) -> dict[str, Judge]:
    judges: dict[str, Judge] = {
        "auc": lambda rows, p: float(roc_auc_score(rows.y, p)),
        "brier": lambda rows, p: float(brier_score_loss(rows.y, p)),
        "log_loss": lambda rows, p: float(log_loss(rows.y, np.clip(p, SURE, 1 - SURE), labels=[0, 1])),
    }
    if len(np.unique(data.cases)) < len(data.cases):
        judges["case_auc"] = _case_auc
    return judges


def _case_auc(rows: Dataset, p: Floats) -> float:
    """AUC over cases; the score of a case is the probability that any of its offers is taken."""
    _, case = np.unique(rows.cases, return_inverse=True)
    taken = np.bincount(case, weights=rows.y) > 0
    none_taken = np.bincount(case, weights=np.log1p(-np.clip(p, 0, 1 - SURE)))
    return float(roc_auc_score(taken, -none_taken))


def _compare(name: str, pairs: Sequence[tuple[float, float]], fold_count: int) -> Comparison:
    """Intervals for the figures of the model and the rival in each fold."""
    ours, rivals = np.array(pairs).T
    possible = (0.0, np.inf if name == "log_loss" else 1.0)
    model, logistic, difference = beside_rival(ours, rivals, fold_count, possible)
    return Comparison(model=model, logistic=logistic, difference=difference)


def _bands(y: Integers, probability: Floats) -> tuple[Band, ...]:
    order = np.argsort(probability, kind="stable")
    return tuple(_band(y[rows], float(probability[rows].mean())) for rows in np.array_split(order, BAND_COUNT))


def _band(y: Integers, expected: float) -> Band:
    observed = jeffreys(int(y.sum()), len(y))
    ends = {end: getattr(observed, end) / expected for end in ("value", "low", "high")}
    return Band(
        row_count=len(y),
        positive_count=int(y.sum()),
        expected=expected,
        observed=observed,
        observed_to_expected=Measured(**ends),
    )
