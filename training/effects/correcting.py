"""The doubly robust effect: what the trees say that showing adds, and what the rows say they are wrong by.

For a pair of customer and offer, mu1 and mu0 are the probabilities of taking it shown and not shown, of a fit that
has not seen the customer, and e the probability that the pair is one in which it was shown. The pseudo-outcome

    psi = mu1 - mu0 + t (y - mu1) / e - (1 - t) (y - mu0) / (1 - e)

has the effect for its mean where either mu or e is right (Robins and Rotnitzky 1995; Kennedy, Electronic Journal of
Statistics 17, 2023). Trees on psi itself would follow its noise: they learn what is left of it beside mu1 - mu0 alone,
few and shallow, and how far either is trusted is settled on unseen rows.
"""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from training.dataset import ShowingDataset
from training.effects.showing_chance import chance_of_showing
from training.off_policy import Clusters
from training.specs import BINNED_ROWS_MOST

__all__ = ["FittedEffect", "Unseen", "fit_effect", "pseudo_outcomes"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TREES, LEAVES, LEARNING_RATE = 40, 8, 0.1
LEAST_ROWS = 500
"""In a leaf of the correction; of more than a hundred thousand rows a two-hundredth of them."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What fits that have not seen a row expect of it: shown, not shown, (n_rows,), and the fold of each."""

    shown: Floats
    not_shown: Floats
    fold_of: Integers


@dataclass(frozen=True, slots=True)
class FittedEffect:
    """effect = slope · (shown - not shown) + correction_slope · correction(inputs), of probabilities.

    slope_error, correction_error: one standard error each, clustered by agent and customer. mean_effect: the mean of
    the pseudo-outcomes, with its error. clipped_ratio: the share of rows whose probability of being shown was cut.
    """

    correction: lgb.Booster
    slope: float
    slope_error: float
    correction_slope: float
    correction_error: float
    mean_effect: float
    mean_effect_error: float
    clipped_ratio: float

    def of(self, difference: Floats, x: Floats) -> Floats:
        """The effect (n_rows,) for differences of probability (n_rows,) and inputs (n_rows, n_inputs)."""
        beside = np.asarray(self.correction.predict(x[:, :-1], num_threads=1), dtype=np.float64)
        return self.slope * difference + self.correction_slope * beside


def pseudo_outcomes(data: ShowingDataset, unseen: Unseen, chance: Floats) -> Floats:
    """The pseudo-outcome of each row, (n_rows,); `chance` (n_rows,) is e."""
    t = data.is_shown
    left = t * (data.y - unseen.shown) / chance - (1 - t) * (data.y - unseen.not_shown) / (1.0 - chance)
    return np.asarray(unseen.shown - unseen.not_shown + left)


def fit_effect(data: ShowingDataset, unseen: Unseen, seed: int) -> FittedEffect:
    """Learn the correction, and from rows that it has not seen how far it and the trees are trusted."""
    chance, clipped = chance_of_showing(data, unseen.fold_of, seed)
    weight = np.ones(len(data.y)) if data.weight is None else data.weight
    difference = unseen.shown - unseen.not_shown
    psi = pseudo_outcomes(data, unseen, chance)
    clusters = Clusters((np.where(data.agents >= 0, data.agents, -1 - data.groups), data.groups), len(psi))

    x, parameters = data.x[:, :-1], _parameters(len(psi), seed)
    binned = lgb.Dataset(
        x, label=psi - difference, weight=weight, params=parameters, feature_name=list(data.inputs[:-1]),
        free_raw_data=False,
    ).construct()  # fmt: skip
    beside = np.empty(len(psi))
    # Other folds than those of the trees, or a correction would know what the trees of its own rows were told.
    fold_of = data.lasting_folds(2, "correction")
    for fold in range(2):
        rows = np.flatnonzero(fold_of == fold)
        seen = binned.subset(np.flatnonzero(fold_of != fold).tolist(), params=parameters)
        beside[rows] = lgb.train(parameters, seen, TREES).predict(x[rows], num_threads=1)
    slopes, errors = _trusted(np.column_stack([difference, beside]), psi, weight, clusters)
    mean = float(np.average(psi, weights=weight))
    return FittedEffect(
        correction=lgb.train(parameters, binned, TREES),
        slope=float(slopes[0]),
        slope_error=float(errors[0]),
        correction_slope=float(min(slopes[1], 1.0)),
        correction_error=float(errors[1]),
        mean_effect=mean,
        mean_effect_error=clusters.standard_error(mean + weight * (psi - mean) / weight.mean()),
        clipped_ratio=clipped,
    )


def _parameters(count: int, seed: int) -> dict[str, object]:
    return {
        "objective": "regression", "num_leaves": LEAVES, "learning_rate": LEARNING_RATE,
        "min_data_in_leaf": max(LEAST_ROWS, count // 200), "max_bin": 63, "seed": seed, "deterministic": True,
        "bin_construct_sample_cnt": BINNED_ROWS_MOST, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
    }  # fmt: skip


def _trusted(design: Floats, psi: Floats, weight: Floats, clusters: Clusters) -> tuple[Floats, Floats]:
    """Non-negative weights of the columns of `design` (n_rows, 2) for psi, and their standard errors."""
    gram = (design * weight[:, None]).T @ design / len(psi)
    side = (design * weight[:, None]).T @ psi / len(psi)
    inverse = np.linalg.pinv(gram)
    root = np.linalg.cholesky(gram + max(1e-12 * float(np.trace(gram)), 1e-30) * np.eye(2)).T
    slopes = np.asarray(nnls(root, np.linalg.solve(root.T, side))[0], dtype=np.float64)
    left = weight * (psi - design @ (inverse @ side))
    influence = (design * left[:, None]) @ inverse
    return slopes, np.array([clusters.standard_error(one) for one in influence.T])
