"""What can be known of offers from the same features: trees fitted to what every offer truly brings."""

from benchmarks.value.numbers import ORACLE_START
from benchmarks.value.offers.learning import inputs_of
from benchmarks.value.offers.worth import stakes_of
from benchmarks.value.trees import grown_each, told
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld
from linewise.simulation.logged.callers import Callers, draw_callers
from linewise.simulation.logged.offers import offer_truth

__all__ = ["ORACLE_COUNT", "oracle_gains"]

ORACLE_COUNT = 400_000
PARAMETERS = {
    "objective": "regression", "num_leaves": 63, "learning_rate": 0.15, "min_data_in_leaf": 50,
    "feature_fraction": 0.7, "max_bin": 63,
}  # fmt: skip
TREES = 100


def oracle_gains(world: LoggedWorld, callers: Callers) -> Floats:
    """The true gain of each offer as far as features tell it, (n_people, n_offers), minor units."""
    others = draw_callers(world, ORACLE_COUNT, ORACLE_START)
    gain = stakes_of(world, others, offer_truth(world, others)).gain_amt
    return told(grown_each(inputs_of(others), gain, TREES, PARAMETERS), inputs_of(callers))
