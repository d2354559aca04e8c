"""What is held beside the product: the bank's rule, rules of thumb, and a learner of profit itself."""

from dataclasses import dataclass

import numpy as np

from benchmarks.value.limits.choosing import until_used
from benchmarks.value.limits.worth import TrueWorth, realised_value
from benchmarks.value.trees import grown
from linewise.decisioning.economics import Economics
from linewise.decisioning.types import Floats
from linewise.simulation.logged import People
from linewise.simulation.logged.limits import RAISES, LimitLog, bank_propensities

__all__ = ["BASELINES", "Judged", "baseline_gains"]

BASELINES = (
    "no change", "bank rule", "lowest PD decile +25%", "rank by PD", "rank by utilisation", "S-learner on profit",
)  # fmt: skip

A_QUARTER = RAISES.index(0.25)
PROFIT = {
    "objective": "regression", "num_leaves": 15, "learning_rate": 0.1, "min_data_in_leaf": 300, "max_bin": 63,
}  # fmt: skip
TREES = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """Who is judged, by what truth and economics, and within which true loss a customer."""

    people: People
    truth: TrueWorth
    economics: Economics
    budget_amt: float


def baseline_gains(judged: Judged, log: LimitLog, pd_12m: Floats) -> dict[str, float]:
    """The true gain a customer of each of BASELINES, minor units, none above the budget of true loss.

    pd_12m (n_people,): the product's own. What would pass the budget is given to a part of the customers alone; ranks
    go down, and the hurdle of the S-learner up, until the truth says that the budget is used.
    """
    people, truth = judged.people, judged.truth
    is_lowest = (pd_12m <= np.quantile(pd_12m, 0.1)) & truth.is_open
    given = bank_propensities(people)
    return {
        "no change": 0.0,
        "bank rule": _within((given * truth.gain_amt).sum(axis=1), (given * truth.loss_amt).sum(axis=1), judged),
        "lowest PD decile +25%": _within(
            is_lowest * truth.gain_amt[:, A_QUARTER], is_lowest * truth.loss_amt[:, A_QUARTER], judged
        ),
        "rank by PD": _ranked(pd_12m, judged),
        "rank by utilisation": _ranked(-people.feature("utilisation_ratio"), judged),
        "S-learner on profit": _profit_learner(judged, log),
    }


def _within(gain_amt: Floats, loss_amt: Floats, judged: Judged) -> float:
    loss = float(loss_amt.mean())
    return float(gain_amt.mean()) * min(1.0, judged.budget_amt / loss) if loss > 0 else float(gain_amt.mean())


def _ranked(rank: Floats, judged: Judged) -> float:
    """A quarter more for the first in rank, lowest first, as far as the budget of true loss goes."""
    truth = judged.truth
    order = np.argsort(rank, kind="stable")
    order = order[truth.is_open[order]]
    used = np.cumsum(truth.loss_amt[order, A_QUARTER]) / len(rank)
    raised = order[used <= judged.budget_amt]
    return float(truth.gain_amt[raised, A_QUARTER].sum()) / len(rank)


def _profit_learner(judged: Judged, log: LimitLog) -> float:
    """Trees on realised profit with the raise as an input; the best raise whose expected gain passes a hurdle."""
    profit = realised_value(log, judged.economics)
    raised = np.array(RAISES)[log.action]
    booster = grown(np.column_stack([log.people.features, raised]), profit / 100.0, TREES, PROFIT)
    expected = np.column_stack(
        [
            booster.predict(np.column_stack([judged.people.features, np.full(len(judged.people), one)]), num_threads=1)
            for one in RAISES
        ]
    )
    gain = expected - expected[:, :1]
    gain[~judged.truth.is_open, 1:] = -np.inf

    def choice(hurdle: float) -> np.ndarray:
        return np.where(gain[:, 1:].max(axis=1) > hurdle, gain.argmax(axis=1), 0)

    return until_used(choice, judged.truth, judged.budget_amt, float(np.nanmax(gain)) + 1.0)[0]
