"""How an effect of a dose bends, and for whom it is steep."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from training.banded import BandedSlope, fit_slope, knots_of, left_over
from training.dose import BENDS, bent
from training.standardised import Standard

__all__ = ["Factor", "RaiseEffect", "Residuals", "chosen_bend", "fit_effect"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SCATTER_BANDS, LEAST_SCATTER = 20, 0.1

LEAST_ADVANTAGE = 2.0
"""Standard errors by which another bend must explain more: the plain logarithm stands where that is not known."""

RIDGES = (0.1, 0.5, 2.0)
"""Penalties on what refines an effect, as shares of what a column of it carries on average."""

INDEX_KNOTS = (0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999)


@dataclass(frozen=True, slots=True)
class Residuals:
    """What the inputs leave of an outcome and of a dose, and the outcome they expect; (n_rows,) each.

    Where the outcome scatters widely both are divided by that, which moves no slope and lets rows speak by what they
    know (weighted least squares).
    """

    expected: Floats
    outcome_left: Floats
    dose_left: Floats
    scatter: Floats

    @classmethod
    def even(cls, expected: Floats, outcome_left: Floats, dose_left: Floats) -> "Residuals":
        """The same in units of what rows of such an expected outcome leave on average."""
        edges = np.unique(np.quantile(expected, np.linspace(0.0, 1.0, SCATTER_BANDS + 1)))
        band = np.clip(np.searchsorted(edges, expected, side="right") - 1, 0, max(len(edges) - 2, 0))
        _, band = np.unique(band, return_inverse=True)
        count = np.bincount(band)
        square = np.bincount(band, outcome_left**2) / count
        scatter = np.interp(expected, np.bincount(band, expected) / count, np.sqrt(square))
        # Who never has any of it leaves nothing: their rows may not count without bound.
        scatter = np.maximum(scatter, LEAST_SCATTER * np.sqrt(np.mean(outcome_left**2)) + 1e-12)
        return cls(expected, outcome_left / scatter, dose_left / scatter, scatter)


@dataclass(frozen=True, slots=True)
class Factor:
    """By what an effect is multiplied: 1 + columns · weights, never below zero; weights (n_inputs + 1,)."""

    standard: Standard
    weights: Floats

    def of(self, x: Floats) -> Floats:
        """The factor of inputs (n_rows, n_inputs), (n_rows,)."""
        return np.maximum(1.0 + self.standard.columns(x) @ self.weights, 0.0)


@dataclass(frozen=True, slots=True)
class RaiseEffect:
    """What a unit of dose adds: by bands of an index.

    The index is the expected outcome itself, or where a factor is known to tell more, beneath(expected) · factor.
    """

    slope: BandedSlope
    beneath: BandedSlope | None = None
    factor: Factor | None = None

    def index(self, expected: Floats, x: Floats) -> Floats:
        """The index of rows from their expected outcome (n_rows,) and their inputs (n_rows, n_inputs)."""
        if self.beneath is None or self.factor is None:
            return expected
        return np.asarray(self.beneath.of(expected)[0] * self.factor.of(x))


def chosen_bend(ratio: Floats, expected_dose: Floats, expected: Floats, outcome_left: Floats) -> float:
    """Of BENDS the one whose dose explains the outcome best; 1 unless another is known to.

    (n_rows,) each. ratio: the raise as a share of the line; expected_dose: what the inputs expect of the plain dose,
    expected: of the outcome. What they expect of a bent dose is taken for a cubic of that: it decides between bends
    and is not used further.
    """
    knots = knots_of(expected)
    powers = np.vander(expected_dose, 4)
    unexplained = {}
    for bend in BENDS:
        dose = bent(ratio, bend)
        fitted, *_ = np.linalg.lstsq(powers, dose, rcond=None)
        left = Residuals.even(expected, outcome_left, dose - powers @ fitted)
        unexplained[bend] = left_over(expected, knots, left.outcome_left, left.dose_left)
    best = min(BENDS, key=lambda bend: unexplained[bend])
    # Twice the gain of log-likelihood, which for one number is the square of a z-score.
    gained = len(ratio) * np.log(unexplained[1.0] / max(unexplained[best], 1e-300))
    return best if gained > LEAST_ADVANTAGE**2 else 1.0


def fit_effect(x: Floats, left: Residuals, fold_of: Integers, groups: Integers, seed: int) -> RaiseEffect:
    """The effect by bands of the expected outcome, times a factor where one is known to tell more.

    Both minimise Σ (outcome left - effect · dose left)² (R-learner; Nie and Wager 2021). The factor is a straight
    line through the inputs, held back by the ridge that explains rows best which it did not see; without any it is
    one. x (n_rows, n_inputs).
    """
    beneath = fit_slope(left.expected, left.outcome_left, left.dose_left, groups, seed)
    plain = RaiseEffect(beneath)
    standard = Standard.of(x)
    begun = beneath.of(left.expected)[0]
    design = standard.columns(x) * (begun * left.dose_left)[:, None]
    target = left.outcome_left - begun * left.dose_left
    folds = [np.flatnonzero(fold_of == fold) for fold in range(int(fold_of.max()) + 1)]
    grams = np.stack([design[rows].T @ design[rows] for rows in folds])
    sides = np.stack([design[rows].T @ target[rows] for rows in folds])
    squares = {}
    for ridge in RIDGES:
        unseen = np.empty(len(target))
        for place, rows in enumerate(folds):
            weights = _held_back(grams.sum(axis=0) - grams[place], sides.sum(axis=0) - sides[place], ridge)
            unseen[rows] = target[rows] - design[rows] @ weights
        squares[ridge] = unseen**2
    best = min(RIDGES, key=lambda ridge: float(squares[ridge].mean()))
    advantage = target**2 - squares[best]
    if advantage.mean() <= advantage.std() / np.sqrt(len(advantage)):
        return plain
    factor = Factor(standard, _held_back(grams.sum(axis=0), sides.sum(axis=0), best))
    index = RaiseEffect(beneath, beneath, factor).index(left.expected, x)
    # The index is the effect already; bands of it are there for their errors.
    by_index = fit_slope(index, left.outcome_left, left.dose_left, groups, seed, INDEX_KNOTS)
    return RaiseEffect(replace(by_index, slopes=np.maximum(by_index.knots, 0.0)), beneath, factor)


def _held_back(gram: Floats, side: Floats, ridge: float) -> Floats:
    held = gram + ridge * np.trace(gram) / len(gram) * np.eye(len(gram))
    return np.asarray(np.linalg.solve(held, side)) if np.trace(gram) > 0.0 else np.zeros(len(side))
