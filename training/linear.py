"""The rival that every amount is shown beside: a ridge regression on the same inputs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from training.amounts import share_of
from training.dataset import AmountDataset
from training.dose import beside_dose, least_scale
from training.specs import AmountSpec

__all__ = ["FittedLinear", "fit_linear"]

Floats = npt.NDArray[np.float64]

PENALTIES = (10.0, 100.0, 1_000.0, 10_000.0)


@dataclass(frozen=True, slots=True)
class FittedLinear:
    """Median imputation, standardisation, ridge; the raise enters by the same dose term as in the model."""

    pipeline: Pipeline
    minimum_scale_amt: float

    def share(self, data: AmountDataset) -> Floats:
        """The amount of each row as a share of its scale, (n_rows,), never below zero."""
        found = self.pipeline.predict(beside_dose(data, self.minimum_scale_amt))
        return np.maximum(np.asarray(found, dtype=np.float64), 0.0)


def fit_linear(spec: AmountSpec, data: AmountDataset) -> FittedLinear:
    """Fit the rival; its penalty is the one of the least leave-one-out error."""
    minimum = least_scale(spec, data)
    pipeline = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler(), RidgeCV(PENALTIES)
    )
    return FittedLinear(pipeline.fit(beside_dose(data, minimum), share_of(data, minimum)), minimum)
