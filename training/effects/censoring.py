"""Answers that were put off: they are neither yes nor no, and leaving them out alone would bend what is left."""

from dataclasses import replace

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from training.dataset import ShowingDataset
from training.specs import ModelSpec

__all__ = ["known_weight", "uncensored"]

Floats = npt.NDArray[np.float64]

LEAST_COUNT = 200
"""Answers put off, below which who puts off is not learnt and all who were asked stand for them alike."""

LARGEST_WEIGHT = 5.0
TREES, LEAVES, SEED = 60, 6, 0
"""Not the training's own seed: the same rows have the same weights in every training."""


def uncensored(data: ShowingDataset, spec: ModelSpec) -> ShowingDataset:
    """The rows whose answer is known, each weighed by one over the probability that it would be."""
    if not data.is_censored.any():
        return data
    return replace(data, weight=known_weight(data, spec)).rows(np.flatnonzero(~data.is_censored))


def known_weight(data: ShowingDataset, spec: ModelSpec) -> Floats:
    """For how many rows each stands, (n_rows,): none where the answer was put off.

    Only who was asked can put an answer off: a row that no agent pitched stands for itself. Among those who were
    asked it is taken to hang on what is known of customer, offer and moment (inverse probability of censoring).
    """
    weight = np.ones(len(data.y)) if data.weight is None else data.weight.copy()
    if not data.is_censored.any():
        return weight
    asked = np.flatnonzero((data.is_shown == 1) & (data.is_pitched != 0))
    known = 1.0 - _put_off(data.rows(asked), spec)
    weight[asked] *= np.minimum(1.0 / known, LARGEST_WEIGHT)
    weight[data.is_censored] = 0.0
    return weight


def _put_off(data: ShowingDataset, spec: ModelSpec) -> Floats:
    """The probability of putting the answer off, (n_rows,), of rows that were not seen."""
    count = int(data.is_censored.sum())
    if count < LEAST_COUNT:
        return np.full(len(data.y), count / max(len(data.y), 1))
    parameters = spec.booster_parameters(data.inputs, SEED) | {
        "num_leaves": LEAVES,
        "learning_rate": 0.1,
        "min_data_in_leaf": max(spec.leaf_rows_minimum, len(data.y) // 100),
    }
    parameters.pop("monotone_constraints", None)
    label = data.is_censored.astype(np.float64)
    binned = lgb.Dataset(data.x, label=label, params=parameters, free_raw_data=False).construct()
    fold_of = data.lasting_folds(2, "put off", data.is_censored.astype(np.int64))
    found = np.empty(len(data.y))
    for fold in range(2):
        unseen = np.flatnonzero(fold_of == fold)
        seen = binned.subset(np.flatnonzero(fold_of != fold).tolist(), params=parameters)
        found[unseen] = lgb.train(parameters, seen, TREES).predict(data.x[unseen], num_threads=1)
    return found
