"""The best that can be proposed by what a bank sees: fitted to outcomes without noise, under the same duties."""

import numpy as np

from benchmarks.value.plans.ladder import Choices
from benchmarks.value.trees import grown
from linewise.decisioning.types import Floats, Ints
from linewise.simulation.logged.debtors import Debtors

__all__ = ["OracleOnX"]

PARAMETERS = {
    "objective": "regression", "num_leaves": 63, "learning_rate": 0.1, "min_data_in_leaf": 100, "max_bin": 127,
}  # fmt: skip
ROUNDS = 250


class OracleOnX:
    """The true gain of every choice, learnt from the features and the choice's own terms without any noise."""

    def __init__(self, debtors: Debtors, choices: Choices) -> None:
        # What no bank may propose teaches nothing that is asked.
        rows, places = np.nonzero(choices.is_allowed)
        gain = choices.gain_amt[rows, places] / debtors.owed_amt[rows]
        self.row_count = len(rows)
        self._booster = grown(_inputs(debtors, choices, rows, places), gain, ROUNDS, PARAMETERS)

    def choice(self, debtors: Debtors, choices: Choices) -> Ints:
        """What it proposes to others, (n_people,)."""
        rows, places = np.nonzero(choices.is_allowed)
        wish = np.full(choices.gain_amt.shape, -np.inf)
        wish[rows, places] = self._booster.predict(_inputs(debtors, choices, rows, places), num_threads=1)
        return choices.best(wish)


def _inputs(debtors: Debtors, choices: Choices, rows: Ints, places: Ints) -> Floats:
    """Features, ratios that a tree would need many splits for, and the terms, (n_rows, n_inputs)."""
    kinds = sorted({one.kind for one in choices.helps})
    terms = np.array([[kinds.index(one.kind), one.rate_ratio, one.term_months] for one in choices.helps])
    bears, owed = np.maximum(debtors.bears_amt, 1), np.maximum(debtors.owed_amt, 1)
    ratios = np.column_stack([debtors.due_amt / bears, owed / (60.0 * bears), debtors.overdue_amt / owed])
    payment = choices.payment_amt[rows, places]
    asked = np.column_stack([payment / bears[rows], payment / owed[rows]])
    return np.column_stack([debtors.features[rows], ratios[rows], terms[places], asked])
