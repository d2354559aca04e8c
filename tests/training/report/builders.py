"""Card holders over two years with a known truth, for reports."""

from typing import Any

import numpy as np

from tests.training.builders import a_spec
from training.dataset import Dataset
from training.specs import DoseSpec, ModelSpec


def a_history(customer_count: int = 1500, rows_each: int = 4, seed: int = 0, months: int = 30) -> Dataset:
    """Rows over `months` from January 2023 whose labels ripen in a year; log-odds -2 + 1.5·x0 + 0.4·log1p(raise)."""
    draw = np.random.default_rng(seed)
    count = customer_count * rows_each
    groups = np.repeat(np.arange(customer_count), rows_each)
    x = np.repeat(draw.normal(size=(customer_count, 3)), rows_each, axis=0) + 0.3 * draw.normal(size=(count, 3))
    raised = np.where(draw.random(count) < 0.3, draw.choice([0.1, 0.25, 0.5, 1.0], count), 0.0)
    odds = -2 + 1.5 * x[:, 0] + 0.4 * np.log1p(raised)
    as_of = (np.datetime64("2023-01", "M") + draw.integers(0, months, count)).astype("datetime64[us]")
    return Dataset(
        name="card_default",
        feature_names=("x0", "x1", "x2"),
        offer_attributes=(),
        x=x,
        y=(draw.random(count) < 1 / (1 + np.exp(-odds))).astype(np.int64),
        groups=groups,
        cases=np.arange(count),
        principal_amt=raised * 1e6,
        scale_amt=np.full(count, 1e6),
        as_of=as_of,
        ripe_at=as_of + np.timedelta64(365, "D"),
        definitions_hash="d" * 64,
        data_hash="e" * 64,
    )


def a_risk_spec(**given: Any) -> ModelSpec:
    """A spec for `a_history` that is fitted in a blink."""
    dose = DoseSpec(scale_feature="credit_limit_amt", anchor="line")
    return a_spec("card_default", **{"purpose": "risk", "dose": dose, "tree_count": 40, "learning_rate": 0.1, **given})
