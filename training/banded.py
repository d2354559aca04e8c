"""A slope by bands of an index, never negative: what is left of an outcome on what is left of a dose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from training.folds import customer_folds

__all__ = ["BandedSlope", "drawn_together", "fit_slope", "hats", "knots_of", "left_over"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

KNOTS = (0.05, 0.35, 0.65, 0.9, 0.98)
"""Quantiles of the index at which the slope is a number of its own; between them it is a straight line."""

GROUP_COUNT = 20


@dataclass(frozen=True, slots=True)
class BandedSlope:
    """What a unit of dose adds, never negative, by an index that is known without the dose.

    knots, slopes, errors (one standard error): (n_knots,). Between the knots they are straight lines, beyond the
    outer ones level, so that a customer who moves a little moves a little.
    """

    knots: Floats
    slopes: Floats
    errors: Floats

    @classmethod
    def told(cls, numbers: Mapping[str, Any]) -> "BandedSlope | None":
        """As spec.json holds it; None where it holds a slope for all."""
        if "knots" not in numbers:
            return None
        return cls(*(np.array(numbers[name], dtype=np.float64) for name in ("knots", "slopes", "errors")))

    def of(self, index: Floats) -> tuple[Floats, Floats]:
        """Slope and error, (n_rows,), for indices (n_rows,)."""
        return np.interp(index, self.knots, self.slopes), np.interp(index, self.knots, self.errors)

    def at(self, knots: Floats) -> "BandedSlope":
        """The same numbers at other knots, (n_knots,)."""
        return replace(self, knots=knots)

    def carried(self, index: Floats, other: Floats, quantiles: tuple[float, ...] = KNOTS) -> "BandedSlope":
        """The same numbers by another index of the same rows, (n_rows,) each, rank for rank.

        Where the other index does not tell ranks apart, their mean holds for all of them.
        """
        slopes, errors = self.of(np.quantile(index, quantiles))
        knots, place = np.unique(np.quantile(other, quantiles), return_inverse=True)
        count = np.bincount(place)
        return BandedSlope(knots, *(np.bincount(place, values) / count for values in (slopes, errors)))


def knots_of(index: Floats, quantiles: tuple[float, ...] = KNOTS) -> Floats:
    """Where the slope of an index (n_rows,) is a number of its own: at most one knot for each quantile."""
    return np.unique(np.quantile(index, quantiles))


def hats(index: Floats, knots: Floats) -> Floats:
    """The weight of each knot for each row, (n_rows, n_knots); each row's sum to one."""
    return np.column_stack([np.interp(index, knots, one) for one in np.eye(len(knots))])


def fit_slope(
    index: Floats,
    outcome_left: Floats,
    dose_left: Floats,
    groups: Integers,
    seed: int,
    quantiles: tuple[float, ...] = KNOTS,
) -> BandedSlope:
    """Non-negative least squares of what is left of the outcome on what is left of the dose, by bands of the index.

    All (n_rows,). The errors are those of a jackknife that leaves out one of GROUP_COUNT groups of whole
    customers at a time; each band is drawn towards the slope of all (`drawn_together`).
    """
    knots = knots_of(index, quantiles)
    group_of = customer_folds(np.zeros(len(index), dtype=np.int64), groups, GROUP_COUNT, seed)
    together, together_error = _jackknifed(dose_left[:, None], outcome_left, group_of)
    by_band, error = _jackknifed(hats(index, knots) * dose_left[:, None], outcome_left, group_of)
    return drawn_together(knots, by_band, error, float(together[0]), float(together_error[0]))


def drawn_together(
    knots: Floats, by_band: Floats, error: Floats, together: float, together_error: float
) -> BandedSlope:
    """Slopes (n_knots,) drawn towards the slope of all in the measure of their errors.

    Empirical Bayes: the largest of several noisy slopes is mostly noise.
    """
    spread = max(float(np.var(by_band)) - float(np.mean(error**2)), 0.0)
    trust = spread / np.maximum(spread + error**2, 1e-12)
    slopes = trust * by_band + (1.0 - trust) * together
    errors = np.sqrt(trust * error**2 + (1.0 - trust) * together_error**2)
    return BandedSlope(knots, slopes, errors)


def left_over(index: Floats, knots: Floats, outcome_left: Floats, dose_left: Floats) -> float:
    """The mean square that the best slopes by bands leave: by it one index, or one dose, is held against another."""
    design = hats(index, knots) * dose_left[:, None]
    gram, side = design.T @ design, design.T @ outcome_left
    weights = _non_negative(gram, side)
    explained = 2.0 * weights @ side - weights @ gram @ weights
    return float((outcome_left @ outcome_left - explained) / len(outcome_left))


def _jackknifed(design: Floats, target: Floats, group_of: Integers) -> tuple[Floats, Floats]:
    """Non-negative weights (n_columns,) and their standard errors; without the rows' products it would be slow."""
    grams = np.stack([design[group_of == one].T @ design[group_of == one] for one in range(GROUP_COUNT)])
    sides = np.stack([design[group_of == one].T @ target[group_of == one] for one in range(GROUP_COUNT)])
    weights = _non_negative(grams.sum(axis=0), sides.sum(axis=0))
    # The bound hides how uncertain a slope at zero is, so that the error is that of the free weights.
    free = [
        np.linalg.pinv(grams.sum(axis=0) - gram) @ (sides.sum(axis=0) - side)
        for gram, side in zip(grams, sides, strict=True)
    ]
    without = np.array(free)
    error = np.sqrt((GROUP_COUNT - 1) / GROUP_COUNT * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    return weights, error


def _non_negative(gram: Floats, side: Floats) -> Floats:
    """The weights ≥ 0 that minimise w' gram w / 2 - side' w."""
    values, vectors = np.linalg.eigh(gram)
    kept = values > 1e-12 * max(float(values.max()), 1e-300)
    root = np.sqrt(values[kept])[:, None] * vectors[:, kept].T
    return np.asarray(nnls(root, (vectors[:, kept].T @ side) / np.sqrt(values[kept]))[0], dtype=np.float64)
