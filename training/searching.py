"""How a set of parameters is judged in a search: one fit a fold, and the loss of every row that it has not seen."""

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from training.amounts import share_of
from training.calibration import fit_calibration
from training.dataset import AmountDataset, Dataset
from training.dose import dose_of, least_scale
from training.folds import customer_folds
from training.log_odds import SURE
from training.specs import ModelSpec

__all__ = ["Losses"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Losses:
    """Rows cut into cells once, and their folds; target (n_rows,): the label, or an amount's share of its scale."""

    data: Dataset
    target: Floats
    dose: Floats | None
    binned: lgb.Dataset
    fold_of: Integers
    parameters: dict[str, Any]
    seed: int

    @classmethod
    def of(cls, spec: ModelSpec, data: Dataset, seed: int) -> "Losses":
        """Prepare the rows; folds keep customers whole."""
        minimum = least_scale(spec, data)
        is_amount = isinstance(data, AmountDataset)
        target = share_of(data, minimum or 1.0) if isinstance(data, AmountDataset) else data.y.astype(np.float64)
        # Without it LightGBM drops features by the smallest leaf of the set that happened to come first.
        parameters = {**spec.booster_parameters(data.inputs, seed), "feature_pre_filter": False}
        binned = lgb.Dataset(
            data.x, label=target, feature_name=list(data.inputs), params=parameters, free_raw_data=False
        ).construct()
        fold_of = customer_folds(data.y, data.groups, spec.fold_count, seed)
        return cls(data, target, None if is_amount else dose_of(data, minimum), binned, fold_of, parameters, seed)

    def walk(self, spec: ModelSpec, fold: int, into: Floats) -> None:
        """Fit on the other folds and write the loss of this one's rows into `into` (n_rows,).

        The log-loss of the margins under the calibration that suits these rows best, since every model is calibrated
        apart and three numbers on so many rows learn little; of an amount the squared error.
        """
        parameters = {**self.parameters, **spec.booster_parameters(self.data.inputs, self.seed)}
        unseen = np.flatnonzero(self.fold_of == fold)
        seen = self.binned.subset(np.flatnonzero(self.fold_of != fold).tolist(), params=parameters)
        trees = lgb.train(parameters, seen, spec.tree_count)
        raw = np.asarray(trees.predict(self.data.x[unseen], raw_score=True, num_threads=1), dtype=np.float64)
        target = self.target[unseen]
        if spec.kind == "amount":
            into[unseen] = (target - raw) ** 2
            return
        dose = None if self.dose is None else self.dose[unseen]
        found = fit_calibration(raw, self.data.y[unseen], dose).probability(raw, dose)
        sure = np.clip(found, SURE, 1 - SURE)
        into[unseen] = -np.where(target == 1, np.log(sure), np.log1p(-sure))
