"""How well an amount is foretold for customers that were not seen, beside a ridge regression on the same folds."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy.stats import norm

from linewise.quality.intervals import Measured
from training.amounts import fit_amount, share_of
from training.crossing import Crossing, beside_rival
from training.dataset import AmountDataset
from training.dose import least_scale
from training.folds import repeated_folds
from training.linear import fit_linear
from training.specs import AmountSpec

__all__ = ["AmountBand", "AmountEvaluation", "Versus", "cross_validate_amount"]

Floats = npt.NDArray[np.float64]

BAND_COUNT = 5


class Versus(BaseModel):
    """One figure of the model, of the ridge regression, and of their difference fold by fold."""

    model_config = ConfigDict(frozen=True)

    model: Measured
    linear: Measured
    difference: Measured


class AmountBand(BaseModel):
    """A fifth of the rows by the expected share of the line; `observed` carries its 95% interval over customers."""

    model_config = ConfigDict(frozen=True)

    row_count: int
    expected_ratio: float
    observed: Measured


class AmountEvaluation(Crossing):
    """Out-of-fold figures of an amount as a share of the line; intervals as in `Evaluation`.

    r2: the share of the variance that is explained. mean_error_ratio: the mean absolute error, a share of the
    line. raised_count: rows whose line was raised, from which alone the effect of a raise is learnt.
    """

    kind: Literal["amount"] = "amount"
    raised_count: int
    r2: Versus
    mean_error_ratio: Versus
    bands: tuple[AmountBand, ...]
    fold_r2: tuple[float, ...]


def cross_validate_amount(
    spec: AmountSpec, data: AmountDataset, seed: int, progress: Callable[[int], None] | None = None
) -> AmountEvaluation:
    """Repeated customer-wise cross-validation, nested: in each fold the whole way is walked on the training part."""
    observed = share_of(data, least_scale(spec, data))
    expected = np.empty((spec.repeat_count, len(observed)))
    figures = []
    for repeat, _, train, test in repeated_folds(data.y, data.groups, spec.fold_count, spec.repeat_count, seed):
        seen, unseen = data.rows(train), data.rows(test)
        ours, rivals = fit_amount(spec, seen, seed).share(unseen), fit_linear(spec, seen).share(unseen)
        expected[repeat, test] = ours
        figures.append([(_r2(observed[test], one), _error(observed[test], one)) for one in (ours, rivals)])
        if progress is not None:
            progress(1)
    of_folds = np.array(figures)
    return AmountEvaluation(
        **Crossing.over(spec, data, seed).model_dump(),
        raised_count=int((data.principal_amt > 0).sum()),
        r2=_versus(of_folds[:, :, 0], spec.fold_count, (-np.inf, 1.0)),
        mean_error_ratio=_versus(of_folds[:, :, 1], spec.fold_count, (0.0, np.inf)),
        bands=_bands(observed, expected.mean(axis=0), data.groups),
        fold_r2=tuple(of_folds[:, 0, 0].tolist()),
    )


def _r2(observed: Floats, expected: Floats) -> float:
    spread = float(((observed - observed.mean()) ** 2).sum())
    return 1.0 - float(((observed - expected) ** 2).sum()) / spread if spread > 0 else 0.0


def _error(observed: Floats, expected: Floats) -> float:
    return float(np.abs(observed - expected).mean())


def _versus(of_folds: Floats, fold_count: int, possible: tuple[float, float]) -> Versus:
    """The figure of model and rival in each fold, (n_folds, 2), with intervals."""
    model, linear, difference = beside_rival(of_folds[:, 0], of_folds[:, 1], fold_count, possible)
    return Versus(model=model, linear=linear, difference=difference)


def _bands(observed: Floats, expected: Floats, groups: npt.NDArray[np.int64]) -> tuple[AmountBand, ...]:
    order = np.argsort(expected, kind="stable")
    return tuple(
        _band(observed[rows], float(expected[rows].mean()), groups[rows]) for rows in np.array_split(order, BAND_COUNT)
    )


def _band(observed: Floats, expected: float, groups: npt.NDArray[np.int64]) -> AmountBand:
    centre = float(observed.mean())
    _, customer = np.unique(groups, return_inverse=True)
    # Rows of one customer tell of the same person: the error is that of sums by customer.
    left = np.bincount(customer, observed - centre)
    half = float(norm.ppf(0.975) * np.sqrt((left**2).sum()) / len(observed))
    return AmountBand(
        row_count=len(observed),
        expected_ratio=expected,
        observed=Measured(value=centre, low=centre - half, high=centre + half),
    )
