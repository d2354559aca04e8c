"""What trees expect of rows that they were not fitted on, fold by fold."""

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from training.dataset import Dataset
from training.folds import customer_folds
from training.specs import ModelSpec
from training.standardised import Standard

__all__ = ["Unseen"]

Floats = npt.NDArray[np.float64]

LEAST_RIDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Unseen:
    """The inputs of a dataset, cut into cells once, and its folds, which keep customers whole.

    Labels and weights change from question to question; the cells and the folds do not.
    """

    spec: ModelSpec
    x: Floats
    binned: lgb.Dataset
    parameters: dict[str, Any]
    fold_of: npt.NDArray[np.int64]

    @classmethod
    def of(cls, spec: ModelSpec, data: Dataset, seed: int) -> "Unseen":
        """The inputs of `data`, whose y spreads its cases over the folds."""
        # Questions differ in how many rows a leaf must hold: no feature is dropped for the first one's sake.
        parameters = spec.booster_parameters(data.inputs, seed) | {"feature_pre_filter": False}
        binned = lgb.Dataset(
            data.x, label=data.y, feature_name=list(data.inputs), params=parameters, free_raw_data=False
        ).construct()
        return cls(spec, data.x, binned, parameters, customer_folds(data.y, data.groups, spec.inner_fold_count, seed))

    def expected(self, label: Floats, trees: int, beside: Floats | None = None) -> Floats:
        """The raw scores (n_rows,) of boosters that saw the other folds; `fit` says what the arguments mean."""
        return np.asarray(self.path(label, (trees,), beside=beside)[0])

    def of_amount(self, label: Floats) -> Floats:
        """What a straight line through the inputs, and trees on what it leaves, expect of an amount, (n_rows,).

        Trees alone stop short of the ends, and what they leave there would be taken for the work of who is raised
        less there. The signs of the spec are those of its own label and are left out.
        """
        columns = Standard.of(self.x).columns(self.x)
        how: dict[str, Any] = {"objective": "regression", "monotone_constraints": [0] * self.x.shape[1]}
        found = np.empty(len(label))
        for fold in range(self.spec.inner_fold_count):
            unseen, rows = np.flatnonzero(self.fold_of == fold), np.flatnonzero(self.fold_of != fold)
            gram = columns[rows].T @ columns[rows] + LEAST_RIDGE * len(rows) * np.eye(columns.shape[1])
            straight = columns @ np.linalg.solve(gram, columns[rows].T @ label[rows])
            seen = self._asked(label - straight, None, None).subset(rows.tolist(), params=self.parameters)
            booster = lgb.train(self.parameters | how, seen, self.spec.tree_count)
            found[unseen] = straight[unseen] + booster.predict(self.x[unseen], num_threads=1)
        return found

    def path(
        self,
        label: Floats,
        trees: tuple[int, ...],
        weight: Floats | None = None,
        beside: Floats | None = None,
        **other: Any,
    ) -> Floats:
        """The same after each of so many trees, (n_steps, n_rows)."""
        found, asked = np.empty((len(trees), len(label))), self._asked(label, beside, weight)
        for fold in range(self.spec.inner_fold_count):
            unseen = np.flatnonzero(self.fold_of == fold)
            seen = asked.subset(np.flatnonzero(self.fold_of != fold).tolist(), params=self.parameters)
            booster = lgb.train(self.parameters | other, seen, max(trees))
            for place, count in enumerate(trees):
                found[place, unseen] = booster.predict(
                    self.x[unseen], raw_score=True, num_iteration=count, num_threads=1
                )
        return found

    def fit(
        self, label: Floats, trees: int, weight: Floats | None = None, beside: Floats | None = None, **other: Any
    ) -> lgb.Booster:
        """A booster on all rows, (n_rows,) each.

        beside: what is added to the score and not learnt; weight: for how many rows each stands; other: parameters
        that differ from the spec's.
        """
        return lgb.train(self.parameters | other, self._asked(label, beside, weight), trees)

    def _asked(self, label: Floats, beside: Floats | None, weight: Floats | None) -> lgb.Dataset:
        if beside is not None:
            # A score once set beside the rows cannot be taken off them again.
            return lgb.Dataset(
                self.x,
                label=label,
                init_score=beside,
                weight=weight,
                params=self.parameters,
                reference=self.binned,
                free_raw_data=False,
            ).construct()
        self.binned.set_label(label)
        self.binned.set_weight(np.ones(len(label)) if weight is None else weight)
        return self.binned
