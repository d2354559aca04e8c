"""The rival that costs nobody a thought: LightGBM with the parameters that it comes with."""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from training.dataset import Dataset
from training.dose import beside_dose, least_scale
from training.specs import ModelSpec

__all__ = ["FittedPlain", "fit_plain"]

Floats = npt.NDArray[np.float64]

ROUNDS = 100  # what LightGBM does where nobody says how many


@dataclass(frozen=True, slots=True)
class FittedPlain:
    """Trees of thirty-one leaves on all inputs and the amount, without constraint or calibration."""

    booster: lgb.Booster
    minimum_scale_amt: float | None

    def probability(self, data: Dataset) -> Floats:
        """Probabilities (n_rows,) of the rows of `data`; of an amount what is expected of it."""
        found = self.booster.predict(beside_dose(data, self.minimum_scale_amt), num_threads=1)
        return np.asarray(found, dtype=np.float64)


def fit_plain(spec: ModelSpec, data: Dataset, seed: int, target: Floats | None = None) -> FittedPlain:
    """Fit the rival; only what a repeatable run needs is set. target (n_rows,): an amount instead of the label."""
    minimum = least_scale(spec, data)
    parameters = {
        "objective": "binary" if target is None else "regression",
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    label = data.y if target is None else target
    binned = lgb.Dataset(beside_dose(data, minimum), label=label, params=parameters)
    return FittedPlain(lgb.train(parameters, binned, ROUNDS), minimum)
