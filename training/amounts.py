"""An amount as a share of the line: trees for the line in force, and what a raise adds by bands of that share.

What a raise adds is learnt on what the features do not explain, of the amount and of the raise alike
(R-learner; Nie and Wager, Biometrika 108, 2021): the bank raised those whose spending grew, and a plain
difference would count that growth as the raise's doing.
"""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from training.dataset import AmountDataset
from training.dose import dose_of, least_scale
from training.folds import customer_folds
from training.specs import AmountSpec

__all__ = ["BandedSlope", "FittedAmount", "fit_amount", "fit_slope", "share_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LARGEST_SHARE = 10.0
"""Of the line in a year, as the features cap their ratios; a handful of tiny lines would speak for all."""

KNOTS = (0.1, 0.5, 0.9)
"""Quantiles of the expected share at which the slope is a number of its own; between them it is a straight line."""

GROUP_COUNT = 20


@dataclass(frozen=True, slots=True)
class BandedSlope:
    """What a unit of dose adds to the share, never negative, by the share expected without it.

    knots, slopes, errors (one standard error): (n_knots,). Between the knots they are straight lines, beyond the
    outer ones level, so that a customer who moves a little moves a little.
    """

    knots: Floats
    slopes: Floats
    errors: Floats

    def of(self, share: Floats) -> tuple[Floats, Floats]:
        """Slope and error, (n_rows,), for expected shares (n_rows,)."""
        return np.interp(share, self.knots, self.slopes), np.interp(share, self.knots, self.errors)


@dataclass(frozen=True, slots=True)
class FittedAmount:
    """amount = scale · (base + slope · log1p(raise / scale)), scale = max(line, minimum_scale_amt).

    base = max(booster, 0), a share of the line; slope as in `BandedSlope` at that base.
    """

    booster: lgb.Booster
    slope: BandedSlope
    minimum_scale_amt: float

    def share(self, data: AmountDataset) -> Floats:
        """The amount of each row of `data` as a share of its scale, (n_rows,)."""
        base = np.maximum(_predicted(self.booster, data.x), 0.0)
        return base + self.slope.of(base)[0] * dose_of(data, self.minimum_scale_amt)


def share_of(data: AmountDataset, minimum_scale_amt: float) -> Floats:
    """The amount of each row as a share of its scale, (n_rows,), at most LARGEST_SHARE."""
    return np.minimum(data.amount_amt / np.fmax(data.scale_amt, minimum_scale_amt), LARGEST_SHARE)


def fit_amount(spec: AmountSpec, data: AmountDataset, seed: int) -> FittedAmount:
    """Fit the slope on residuals of unseen rows, and the trees on the shares less what the slope explains."""
    minimum = least_scale(spec, data)
    share, dose = share_of(data, minimum), dose_of(data, minimum)
    parameters = spec.booster_parameters(data.inputs, seed)
    binned = lgb.Dataset(
        data.x, label=share, feature_name=list(data.inputs), params=parameters, free_raw_data=False
    ).construct()
    fold_of = customer_folds(data.y, data.groups, spec.inner_fold_count, seed)
    expected_share = _out_of_fold(spec, parameters, data.x, binned, share, fold_of)
    expected_dose = _out_of_fold(spec, parameters, data.x, binned, dose, fold_of)
    slope = fit_slope(expected_share, share - expected_share, dose - expected_dose, data.groups, seed)
    binned.set_label(share - slope.of(np.maximum(expected_share, 0.0))[0] * dose)
    return FittedAmount(lgb.train(parameters, binned, spec.tree_count), slope, minimum)


def fit_slope(
    expected_share: Floats, share_left: Floats, dose_left: Floats, groups: Integers, seed: int
) -> BandedSlope:
    """Non-negative least squares of what is left of the share on what is left of the dose, by bands.

    All (n_rows,). The errors are those of a jackknife that leaves out one of GROUP_COUNT groups of whole
    customers at a time. Each band is drawn towards the slope of all in the measure of its error (empirical
    Bayes), since the largest of several noisy slopes is mostly noise.
    """
    base = np.maximum(expected_share, 0.0)
    knots = np.unique(np.quantile(base, KNOTS))
    hats = _hats(base, knots) * dose_left[:, None]
    group_of = customer_folds(np.zeros(len(base), dtype=np.int64), groups, GROUP_COUNT, seed)
    together, together_error = _jackknifed(dose_left[:, None], share_left, group_of)
    by_band, error = _jackknifed(hats, share_left, group_of)
    spread = max(float(np.var(by_band)) - float(np.mean(error**2)), 0.0)
    trust = spread / np.maximum(spread + error**2, 1e-12)
    slopes = trust * by_band + (1.0 - trust) * together[0]
    errors = np.sqrt(trust * error**2 + (1.0 - trust) * together_error[0] ** 2)
    return BandedSlope(knots, slopes, errors)


def _hats(base: Floats, knots: Floats) -> Floats:
    """The weight of each knot for each row, (n_rows, n_knots); each row's sum to one."""
    return np.column_stack([np.interp(base, knots, one) for one in np.eye(len(knots))])


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


def _out_of_fold(
    spec: AmountSpec, parameters: dict[str, object], x: Floats, binned: lgb.Dataset, label: Floats, fold_of: Integers
) -> Floats:
    """What trees expect of each row, (n_rows,), from the rows of other folds."""
    binned.set_label(label)
    found = np.empty(len(label))
    for fold in range(spec.inner_fold_count):
        unseen = np.flatnonzero(fold_of == fold)
        seen = binned.subset(np.flatnonzero(fold_of != fold).tolist(), params=parameters)
        found[unseen] = _predicted(lgb.train(parameters, seen, spec.tree_count), x[unseen])
    return found


def _predicted(booster: lgb.Booster, x: Floats) -> Floats:
    return np.asarray(booster.predict(x, num_threads=1), dtype=np.float64)
