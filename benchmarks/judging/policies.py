"""What else might be done in place of the release's proposals: the bank's own rule, a quarter more, an oracle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np

from benchmarks.judging.worth import Effects, Judge
from linewise.decisioning.types import Floats, Ints
from linewise.simulation.truth import Truth

__all__ = ["ARMS", "Arms", "bank_factor"]

ARMS = (1.10, 1.25, 1.50, 2.00)
REVIEW_EVERY_MONTHS = 6
HALVES = 2
_FOREST: Mapping[str, Any] = {
    "objective": "regression", "num_leaves": 8, "learning_rate": 0.05, "verbose": -1, "num_threads": 1, "seed": 1,
    "deterministic": True,
}  # fmt: skip
_TREES = 80


def bank_factor(truth: Truth, number: Ints) -> Floats:
    """What the bank's own reviews of the next half year, one a customer, do to limits, (n_customers,).

    The raises alone, all put into the first month: the bank's rule may look further than the others.
    """
    factor = np.ones(len(number))
    for month in range(truth.next_month, truth.next_month + REVIEW_EVERY_MONTHS):
        reviewed = truth.outcomes(number, month, horizon=1).limit_amt
        held = truth.outcomes(number, month, limit_factor=1.0, horizon=1).limit_amt
        raised = (reviewed > held) & (held > 0) & (factor == 1.0)
        factor[raised] = np.minimum(reviewed[raised] / held[raised], max(ARMS))
    return factor


@dataclass(frozen=True, slots=True)
class Arms:
    """What each of ARMS does to a sample, and what an oracle expects of it; (n_customers,) an arm.

    The expected profit of a customer is told by forests that learnt the true effects on the other half of the
    customers, what is earned and what is lost each by its own: of one customer alone, the dice of a few futures
    would be taken for truth.
    """

    effects: Mapping[float, Effects]
    expected_amt: Mapping[float, Floats]

    @classmethod
    def of(cls, judge: Judge, traits: Floats, known: Mapping[float, Effects] | None = None) -> "Arms":
        """Live all arms; traits (n_customers, n_traits): what drives the lives, of which a release sees a part."""
        n = len(judge.number)
        effects = {arm: (known or {}).get(arm) or judge.effects(np.full(n, arm)) for arm in ARMS}
        expected = {
            arm: _told(traits, one.profit_amt + one.loss_amt, least=50) - _told(traits, one.loss_amt, least=200)
            for arm, one in effects.items()
        }
        return cls(effects, expected)

    def best(self, most_factor: Floats) -> tuple[Floats, Effects]:
        """The arm of highest expected profit up to most_factor (n_customers,), 1 where none has any; what it does."""
        n = len(most_factor)
        best, worth, chosen = np.ones(n), np.zeros(n), Effects(*np.zeros((3, n)))
        for arm, effects in self.effects.items():
            better = (most_factor >= arm - 1e-9) & (self.expected_amt[arm] > worth)
            best, worth = np.where(better, arm, best), np.where(better, self.expected_amt[arm], worth)
            for name in Effects.__slots__:
                getattr(chosen, name)[better] = getattr(effects, name)[better]
        return best, chosen


def _told(traits: Floats, amount: Floats, least: int) -> Floats:
    """The mean of an amount for customers of such traits, each told from the other half, (n_customers,)."""
    told, half = np.zeros(len(amount)), np.arange(len(amount)) % HALVES
    for one in range(HALVES):
        learnt = half != one
        if learnt.sum() >= 2 * least:
            forest = _FOREST | {"min_data_in_leaf": least}
            told[~learnt] = lgb.train(forest, lgb.Dataset(traits[learnt], amount[learnt]), _TREES).predict(
                traits[~learnt]
            )
    return told
