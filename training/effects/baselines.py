"""The plain ways to an effect, for a better one to be held against.

S-learner: one model with "shown" among its inputs, which is `FittedModel` without its effect; T-learner: a model of
those who were shown the offer and one of those who were not.
"""

import lightgbm as lgb
import numpy as np

from training.dataset import ShowingDataset
from training.specs import ModelSpec

__all__ = ["two_models"]


def two_models(spec: ModelSpec, data: ShowingDataset, seed: int) -> tuple[lgb.Booster, lgb.Booster]:
    """Of rows in which it was shown, and of the others; the inputs of both are all but the last of `data`."""
    parameters = spec.booster_parameters(data.inputs[:-1], seed)
    boosters = []
    for is_shown in (1, 0):
        rows = np.flatnonzero(data.is_shown == is_shown)
        weight = None if data.weight is None else data.weight[rows]
        binned = lgb.Dataset(data.x[rows, :-1], label=data.y[rows], weight=weight, params=parameters)
        boosters.append(lgb.train(parameters, binned, spec.tree_count))
    return boosters[0], boosters[1]
