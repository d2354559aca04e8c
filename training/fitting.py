"""Trees on the features, calibrated on unseen rows; for risk with a slope of its own on the amount, or on the raise.

Of offers that were shown and others that were not, what showing adds is learnt beside (`training.effects`).
"""

from dataclasses import dataclass, replace

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from scipy.special import expit

from training.banded import BandedSlope
from training.calibration import Calibration, fit_calibration
from training.dataset import Dataset, ShowingDataset
from training.dose import dose_of, least_scale
from training.effects.correcting import FittedEffect, Unseen, fit_effect
from training.raised_default import fit_raised_default
from training.specs import ModelSpec

__all__ = ["FittedModel", "fit_model"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A booster and what turns its margin into a probability.

    probability = 1 / (1 + exp(-(intercept + slope · raw + dose_slope · log1p(principal / scale)))), with
    scale = max(scale feature, minimum_scale_amt); without a dose the last term is absent. The probability
    is over the label's own horizon (`horizon_months` of the dataset). A probability of default over 12
    months follows by a constant hazard: pd_12m = 1 - (1 - pd) ** (12 / horizon_months). Where the amount is a raise of
    the line, slope gives the slope of each score in place of dose_slope, and the dose bends (`bent`) by bend_ratio.
    """

    booster: lgb.Booster
    calibration: Calibration
    minimum_scale_amt: float | None = None
    effect: FittedEffect | None = None
    slope: BandedSlope | None = None
    bend_ratio: float = 1.0

    def uplift(self, data: ShowingDataset) -> Floats:
        """What showing its offer adds to the probability of each row, (n_rows,), whether it was shown or not.

        Never more than the probability with the showing: without it at the least nobody orders.
        """
        shown, not_shown = (self._of_inputs(data.as_if(one)) for one in (1, 0))
        if self.effect is None:
            return shown - not_shown
        return np.minimum(self.effect.of(shown - not_shown, data.x), shown)

    def _of_inputs(self, x: Floats) -> Floats:
        raw = np.asarray(self.booster.predict(x, raw_score=True, num_threads=1), dtype=np.float64)
        return self.calibration.probability(raw)

    def probability(self, data: Dataset) -> Floats:
        """Probabilities (n_rows,) of the rows of `data`."""
        raw = np.asarray(self.booster.predict(data.x, raw_score=True, num_threads=1), dtype=np.float64)
        dose = dose_of(data, self.minimum_scale_amt, self.bend_ratio)
        if self.slope is None or dose is None:
            return self.calibration.probability(raw, dose)
        score = self.calibration.margin(raw)
        return np.asarray(expit(score + self.slope.of(score)[0] * dose), dtype=np.float64)

    def at_level(self, shift: float) -> "FittedModel":
        """The same model with `shift` added to every log-odds, as `training.level` finds it."""
        if shift == 0.0:
            return self
        calibration = replace(self.calibration, intercept=self.calibration.intercept + shift)
        # The slope goes by the order of scores, which a shift of all leaves as it was.
        slope = None if self.slope is None else self.slope.at(self.slope.knots + shift)
        return replace(self, calibration=calibration, slope=slope)


def fit_model(spec: ModelSpec, data: Dataset, seed: int) -> FittedModel:
    """Fit trees on all rows and the calibration on out-of-fold margins of the same rows.

    The amount lent never enters the trees. The folds of the calibration keep customers whole. Where rows tell of
    offers that were shown and of others that were not, what showing adds is learnt beside. What a raise
    of the line does is learnt by `training.raised_default`.
    """
    if spec.dose is not None and spec.dose.anchor == "line":
        raised = fit_raised_default(spec, data, seed)
        return FittedModel(
            raised.booster,
            raised.calibration,
            raised.minimum_scale_amt,
            slope=raised.slope,
            bend_ratio=raised.bend_ratio,
        )
    parameters = spec.booster_parameters(data.inputs, seed)
    binned = lgb.Dataset(
        data.x,
        label=data.y,
        weight=data.weight,
        feature_name=list(data.inputs),
        params=parameters,
        free_raw_data=False,
    ).construct()
    fold_of = data.lasting_folds(spec.inner_fold_count, "trees")
    views = [data.x] if not isinstance(data, ShowingDataset) else [data.x, data.as_if(1), data.as_if(0)]
    raw = np.empty((len(views), len(data.y)))
    for fold in range(spec.inner_fold_count):
        unseen = np.flatnonzero(fold_of == fold)
        seen = binned.subset(np.flatnonzero(fold_of != fold).tolist(), params=parameters)
        booster = lgb.train(parameters, seen, spec.tree_count)
        for place, view in enumerate(views):
            raw[place, unseen] = booster.predict(view[unseen], raw_score=True, num_threads=1)
    minimum = least_scale(spec, data)
    calibration = fit_calibration(raw[0], data.y, dose_of(data, minimum), data.groups, data.weight)
    effect = None
    if isinstance(data, ShowingDataset) and data.has_control_group:
        shown, not_shown = (calibration.probability(one) for one in raw[1:])
        effect = fit_effect(data, Unseen(shown, not_shown, fold_of), seed)
    return FittedModel(lgb.train(parameters, binned, spec.tree_count), calibration, minimum, effect)
