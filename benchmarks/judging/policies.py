"""What else might be done in place of the release's proposals: the bank's own rule, a quarter more, an oracle."""

import lightgbm as lgb
import numpy as np

from benchmarks.judging.worth import Effects, Judge
from linewise.decisioning.types import Floats, Ints
from linewise.simulation.truth import Truth

__all__ = ["ARMS", "bank_factor", "oracle_factor"]

ARMS = (1.10, 1.25, 1.50, 2.00)
REVIEW_EVERY_MONTHS = 6
HALVES = 2
_FOREST = {
    "objective": "regression", "num_leaves": 15, "min_data_in_leaf": 100, "learning_rate": 0.05, "verbose": -1,
    "num_threads": 1, "seed": 1, "deterministic": True,
}  # fmt: skip
_TREES = 100


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


def oracle_factor(judge: Judge, most_factor: Floats, traits: Floats) -> tuple[Floats, Effects]:
    """The best of ARMS under the release's own caps and rules by who knows the truth, and what it does.

    most_factor (n_customers,): how far rules and caps let each limit go; traits (n_customers, n_traits): what drives
    the lives, of which the release sees a part. Which arm is best is told by a forest that learnt the true effects
    on the other half of the customers: of one customer alone, the dice of a few futures would be taken for truth.
    """
    n = len(most_factor)
    best, worth = np.ones(n), np.zeros(n)
    chosen = Effects(*np.zeros((3, n)))
    for arm in ARMS:
        is_open = most_factor >= arm - 1e-9
        effects = judge.effects(np.where(is_open, arm, 1.0))
        expected = _expected(traits, effects.profit_amt, is_open)
        better = is_open & (expected > worth)
        best, worth = np.where(better, arm, best), np.where(better, expected, worth)
        for name in Effects.__slots__:
            getattr(chosen, name)[better] = getattr(effects, name)[better]
    return best, chosen


def _expected(traits: Floats, profit_amt: Floats, is_open: np.ndarray) -> Floats:
    """The mean profit for customers of such traits, each told from the other half, (n_customers,)."""
    expected, half = np.zeros(len(profit_amt)), np.arange(len(profit_amt)) % HALVES
    for one in range(HALVES):
        learnt, told = is_open & (half != one), is_open & (half == one)
        if learnt.sum() < _FOREST["min_data_in_leaf"] or not told.any():
            continue
        booster = lgb.train(_FOREST, lgb.Dataset(traits[learnt], profit_amt[learnt]), _TREES)
        expected[told] = booster.predict(traits[told])
    return expected
