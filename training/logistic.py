"""The rival that every model is shown beside: a regularised logistic regression on the same inputs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from training.dataset import Dataset
from training.dose import beside_dose, least_scale
from training.folds import customer_folds
from training.specs import ModelSpec

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

__all__ = ["FittedLogistic", "fit_logistic"]

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1)  # scikit-learn's C; chosen anew inside each training part


@dataclass(frozen=True, slots=True)
class FittedLogistic:
    """Median imputation, standardisation, ridge; the amount enters by the same dose term as in the model."""

    pipeline: Pipeline
    minimum_scale_amt: float | None

    def probability(self, data: Dataset) -> Floats:
        """Probabilities (n_rows,) of the rows of `data`."""
        inputs = beside_dose(data, self.minimum_scale_amt)
        return np.asarray(self.pipeline.predict_proba(inputs)[:, 1], dtype=np.float64)


def fit_logistic(spec: ModelSpec, data: Dataset, seed: int) -> FittedLogistic:
    """Fit the rival; its penalty is chosen by log-loss on inner folds that keep customers whole."""
    minimum = least_scale(spec, data)
    scaler = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    x = scaler.fit_transform(beside_dose(data, minimum))
    fold_of = customer_folds(data.y, data.groups, spec.inner_fold_count, seed)
    losses = [_out_of_fold_loss(x, data.y, fold_of, penalty) for penalty in PENALTIES]
    best = _regression(PENALTIES[int(np.argmin(losses))]).fit(x, data.y)
    return FittedLogistic(make_pipeline(scaler, best), minimum)


def _out_of_fold_loss(x: Floats, y: Integers, fold_of: Integers, penalty: float) -> float:
    probability = np.empty(len(y))
    for fold in np.unique(fold_of):
        unseen = fold_of == fold
        probability[unseen] = _regression(penalty).fit(x[~unseen], y[~unseen]).predict_proba(x[unseen])[:, 1]
    return float(log_loss(y, probability))


def _regression(penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, max_iter=2000)
