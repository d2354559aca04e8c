"""What a user would pick instead, built as well as they would: a logistic regression and LightGBM as it comes."""

from collections.abc import Sequence

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from linewise.bank.dictionary import Column
from training.dataset import Dataset

__all__ = ["lightgbm_as_it_comes", "logistic_regression"]

Floats = npt.NDArray[np.float64]

PENALTIES = (0.01, 0.1, 1.0)
MISSING = -1.0


def logistic_regression(columns: Sequence[Column], seen: Dataset, unseen: Dataset) -> Floats:
    """One column a category, medians with a mark for what is missing, the ridge chosen on folds within `seen`."""
    text = [place for place, column in enumerate(columns) if column.values is not None]
    number = [place for place, column in enumerate(columns) if column.values is None]
    numbers = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value=MISSING, keep_empty_features=True),
        OneHotEncoder(handle_unknown="ignore"),
    )
    model: Pipeline = make_pipeline(
        make_column_transformer((numbers, number), (texts, text)),
        GridSearchCV(LogisticRegression(max_iter=500), {"C": PENALTIES}, scoring="neg_log_loss", cv=3),
    )
    return np.asarray(model.fit(seen.x, seen.y).predict_proba(unseen.x)[:, 1], dtype=np.float64)


def lightgbm_as_it_comes(columns: Sequence[Column], seen: Dataset, unseen: Dataset) -> Floats:
    """Its classifier with not a parameter set, categories told to it as pandas' own."""
    model = lgb.LGBMClassifier(n_jobs=1, verbosity=-1, random_state=1)
    model.fit(_frame(columns, seen), seen.y)
    return np.asarray(model.predict_proba(_frame(columns, unseen))[:, 1], dtype=np.float64)


def _frame(columns: Sequence[Column], data: Dataset) -> pd.DataFrame:
    frame = pd.DataFrame(data.x, columns=list(data.inputs))
    for column in columns:
        if column.values is not None:
            codes = frame[column.name].fillna(MISSING).astype(int)
            frame[column.name] = pd.Categorical.from_codes(codes, categories=list(column.values))
    return frame
