"""What a raise of the line does to default: a score of what the raise leaves aside, and a few slopes never negative.

Default is rare, and what a raise adds to it rarer still: trees on the effect would learn the luck of leaves. A score
of unseen rows is the offset, and by three knots of it slopes are fitted by maximum likelihood on what the features do
not explain of the dose; each is drawn towards the slope of all in the measure of its error.
"""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, logit

from training.banded import BandedSlope, drawn_together, hats, knots_of
from training.calibration import STEEPEST, Calibration
from training.dataset import Dataset
from training.debt import debt_of
from training.dose import dose_of, least_scale
from training.randomised import Gap, corrected
from training.specs import ModelSpec
from training.unseen import Unseen

__all__ = ["RaisedDefault", "bent_calibration", "fit_raised_default"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CONFOUNDED_SPREAD = 0.3
"""One standard deviation of what hidden reasons for raises may do to a slope of default, once the debt shows them:
of the size of the slope itself (`unmodelled_default_slope` of the register)."""

CLEARLY_LIKELIER = 2.0
"""In logs, by which a further number of the calibration must make the rows likelier."""


@dataclass(frozen=True, slots=True)
class RaisedDefault:
    """log-odds = score + slope(score) · dose, score = calibration of the booster's raw margin; dose as in `bent`."""

    booster: lgb.Booster
    calibration: Calibration
    slope: BandedSlope
    minimum_scale_amt: float
    bend_ratio: float


def fit_raised_default(spec: ModelSpec, data: Dataset, seed: int) -> RaisedDefault:
    """Fit the slopes beside an out-of-fold score, and the trees and their calibration beside what these explain.

    How the dose bends, and whether the bank's raises followed what no feature shows, is told by what the same rows
    owe. If they did, the slopes are corrected by the rows on which chance alone decided, as far as these know.
    """
    unseen, y = Unseen.of(spec, data, seed), data.y.astype(np.float64)
    minimum = least_scale(spec, data)
    dose = dose_of(data, minimum)
    if minimum is None or dose is None:
        raise ValueError(f"The model {spec.name!r} has no dose.")
    score, expected_dose = unseen.expected(y, spec.tree_count), unseen.of_amount(dose)
    debt = debt_of(unseen, data, minimum, dose, expected_dose, seed)
    if debt.bend_ratio != 1.0:
        dose = np.asarray(dose_of(data, minimum, debt.bend_ratio))
        expected_dose = unseen.of_amount(dose)
    slope = _slopes(score, y, dose - expected_dose, data.groups)
    if debt.is_confounded and data.is_randomised is not None:
        slope = corrected(slope, _gap(score, y, dose, slope, data.is_randomised), CONFOUNDED_SPREAD**2)

    # The trees learn beside what the slopes explain; a score beside the rows leaves them no mean to begin at.
    level = float(logit(np.clip(y.mean(), 1e-6, 1 - 1e-6)))
    beside = slope.of(score)[0] * dose + level
    raw = unseen.expected(y, spec.tree_count, beside=beside)
    offset = slope.of(score)[0] * dose
    calibration = bent_calibration(raw, y, offset, level, data.groups)
    held = slope.carried(score, calibration.margin(raw))
    return RaisedDefault(unseen.fit(y, spec.tree_count, beside=beside), calibration, held, minimum, debt.bend_ratio)


def bent_calibration(raw: Floats, y: Floats, offset: Floats, level: float, groups: Integers) -> Calibration:
    """The calibration of unseen rows' margins (n_rows,), bent at the top where the rows are clearly likelier so.

    Trees held back alike at both ends say too much at the top of a rare label, and no straight line through the
    log-odds takes that back. Rows of one customer count as one.
    """
    z = raw + level
    designs = [np.column_stack([np.ones_like(raw), raw])]
    designs.append(np.column_stack([np.ones_like(raw), -np.logaddexp(0.0, -z), np.logaddexp(0.0, z)]))
    straight, bent = (_most_likely(design, y, offset, free=1) for design in designs)
    losses = [
        float(np.sum(np.logaddexp(0.0, margin) - y * margin))
        for margin in (offset + designs[0] @ straight, offset + designs[1] @ bent)
    ]
    gained = (losses[0] - losses[1]) * len(np.unique(groups)) / len(y)
    if gained <= CLEARLY_LIKELIER or bent[1] <= 0.0:
        return Calibration(float(straight[0]), float(straight[1]))
    return Calibration(float(bent[0]), float(bent[1]), top_ratio=float(bent[2] / bent[1] - 1.0), centre=level)


def _slopes(score: Floats, y: Floats, dose_left: Floats, groups: Integers) -> BandedSlope:
    """By bands of the score, (n_rows,) each, drawn together."""
    knots, own = knots_of(score), np.column_stack([np.ones_like(score), score])
    together, together_error = _fitted(own, dose_left[:, None], y, groups)
    by_band, error = _fitted(own, hats(score, knots) * dose_left[:, None], y, groups)
    return drawn_together(knots, by_band, error, float(together[0]), float(together_error[0]))


def _gap(score: Floats, y: Floats, dose: Floats, slope: BandedSlope, is_randomised: npt.NDArray[np.bool_]) -> Gap:
    """By how much the slope of the randomised rows lies above the one learnt; there the dose hangs on nothing."""
    rows = np.flatnonzero(is_randomised)
    away = dose[rows] - dose[rows].mean()
    offset = slope.of(score[rows])[0] * away
    design = np.column_stack([np.ones(len(rows)), score[rows], away])
    weights = _most_likely(design, y[rows], offset, free=3)
    return float(weights[2]), float(_errors(design, y[rows], weights, rows, offset)[2])


def _fitted(own: Floats, doses: Floats, y: Floats, groups: Integers) -> tuple[Floats, Floats]:
    """Slopes (n_slopes,) of doses (n_rows, n_slopes) beside `own` (n_rows, 2), never negative, and their errors."""
    design = np.column_stack([own, doses])
    weights = _most_likely(design, y, np.zeros(len(y)), free=1)
    return weights[own.shape[1] :], _errors(design, y, weights, groups)[own.shape[1] :]


def _most_likely(design: Floats, y: Floats, offset: Floats, free: int) -> Floats:
    """Logistic weights (n_columns,), the first `free` of any sign, the others from 0 to STEEPEST."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = offset + design @ weights
        # log(1 + e^margin) - y·margin is the negative log-likelihood, in a form that cannot overflow.
        return float(np.mean(np.logaddexp(0.0, margin) - y * margin)), design.T @ (expit(margin) - y) / len(y)

    start = np.zeros(design.shape[1])
    start[1] = 1.0
    bounds = [(None, None)] * free + [(0.0, STEEPEST)] * (design.shape[1] - free)
    options = {"ftol": 1e-12, "maxiter": 500}
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x)


def _errors(design: Floats, y: Floats, weights: Floats, groups: Integers, offset: Floats | float = 0.0) -> Floats:
    """One standard error of each weight: the larger of the plain and the one clustered by customer; STEEPEST at most.

    Where few rows carry a dose the scores of the customers who hold them are near zero at the optimum, and the
    clustered error alone would promise what nobody knows.
    """
    probability = expit(offset + design @ weights)
    information = (design * (probability * (1.0 - probability))[:, None]).T @ design
    inverse = np.linalg.pinv(information)
    _, place = np.unique(groups, return_inverse=True)
    left = y - probability
    scores = np.column_stack([np.bincount(place, column * left) for column in design.T])
    sandwich = inverse @ (scores.T @ scores) @ inverse
    error = np.sqrt(np.maximum(np.diag(inverse), np.diag(sandwich)))
    # A column of nothing says nothing: the steepest slope of the search is the honest error.
    return np.where(design.any(axis=0), np.minimum(error, STEEPEST), STEEPEST)
