"""With what probability a pair of customer and offer is one in which the offer was shown."""

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from linewise.quality.uplift import LEAST_CHANCE
from training.dataset import ShowingDataset
from training.specs import BINNED_ROWS_MOST

__all__ = ["chance_of_showing", "filled_chance", "learnt_chance"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TREES, LEAVES = 60, 8


def chance_of_showing(data: ShowingDataset, fold_of: Integers, seed: int) -> tuple[Floats, float]:
    """The probability (n_rows,), and the share of rows in which it was cut.

    What was written down is taken; else it is learnt from inputs, of other folds (n_rows,).
    """
    chance = filled_chance(data.propensity, data.x[:, :-1], data.is_shown, data.weight, fold_of, seed)
    kept = np.clip(chance, LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    return kept, float((kept != chance).mean())


def filled_chance(
    known: Floats | None, x: Floats, is_shown: Integers, weight: Floats | None, fold_of: Integers, seed: int
) -> Floats:
    """What is known (n_rows,), NaN where nothing is; there it is learnt, from the other rows of which nothing is known.

    Where a lot decided it says nothing of rows in which somebody chose.
    """
    found = np.full(len(x), np.nan) if known is None else known.copy()
    unknown = np.flatnonzero(np.isnan(found))
    if len(unknown):
        of_each = None if weight is None else weight[unknown]
        found[unknown] = learnt_chance(x[unknown], is_shown[unknown], of_each, fold_of[unknown], seed)
    return found


def learnt_chance(x: Floats, is_shown: Integers, weight: Floats | None, fold_of: Integers, seed: int) -> Floats:
    """The probability of having been shown, (n_rows,), by inputs (n_rows, n_inputs) of the other folds."""
    parameters: dict[str, object] = {
        "objective": "binary", "num_leaves": LEAVES, "learning_rate": 0.1, "max_bin": 63,
        "min_data_in_leaf": max(20, len(x) // 500), "seed": seed, "deterministic": True, "force_row_wise": True,
        "bin_construct_sample_cnt": BINNED_ROWS_MOST, "num_threads": 1, "verbosity": -1,
    }  # fmt: skip
    binned = lgb.Dataset(x, label=is_shown, weight=weight, params=parameters, free_raw_data=False).construct()
    found = np.empty(len(x))
    for fold in np.unique(fold_of).tolist():
        unseen = np.flatnonzero(fold_of == fold)
        seen = binned.subset(np.flatnonzero(fold_of != fold).tolist(), params=parameters)
        found[unseen] = lgb.train(parameters, seen, TREES).predict(x[unseen], num_threads=1)
    return found
