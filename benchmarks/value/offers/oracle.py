"""What can be known of offers from the same features: trees fitted to what every offer truly brings."""

import lightgbm as lgb
import numpy as np

from benchmarks.value.offers.learning import inputs_of
from benchmarks.value.offers.worth import stakes_of
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld
from linewise.simulation.logged.callers import Callers, draw_callers
from linewise.simulation.logged.offers import offer_truth

__all__ = ["ORACLE_COUNT", "oracle_gains"]

ORACLE_COUNT, ORACLE_START = 400_000, 50_000_000
PARAMETERS = {
    "objective": "regression", "num_leaves": 63, "learning_rate": 0.15, "min_data_in_leaf": 50,
    "feature_fraction": 0.7, "max_bin": 63, "num_threads": 1, "verbosity": -1, "deterministic": True, "seed": 1,
}  # fmt: skip
TREES = 100


def oracle_gains(world: LoggedWorld, callers: Callers) -> Floats:
    """The true gain of each offer as far as features tell it, (n_people, n_offers), minor units."""
    others = draw_callers(world, ORACLE_COUNT, ORACLE_START)
    gain = stakes_of(world, others, offer_truth(world, others)).gain_amt
    binned = lgb.Dataset(inputs_of(others), params=PARAMETERS, free_raw_data=False).construct()
    asked = inputs_of(callers)
    found = []
    for offer in range(gain.shape[1]):
        binned.set_label(gain[:, offer])
        found.append(lgb.train(PARAMETERS, binned, TREES).predict(asked, num_threads=1))
    return np.column_stack(found)
