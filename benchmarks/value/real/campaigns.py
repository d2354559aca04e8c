"""Campaigns of real banks: take-up learnt by the product's own fit, beside its peers on the same folds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from sklearn.metrics import log_loss, roc_auc_score

from benchmarks.value.real.peers import lightgbm_as_it_comes, logistic_regression
from benchmarks.value.task import Figures
from linewise.bank.dictionary import Column
from linewise.bank.importing import import_bank
from linewise.bank.tables import open_bank
from linewise.core.home import Home
from training.campaigns import campaign_take_up_labels
from training.dataset import Dataset
from training.fitting import fit_model
from training.folds import customer_folds
from training.specs import SPECS
from training.steadiness import moved_inputs

__all__ = ["BEGINS", "FOLDS", "MODELS", "figures_by_fold", "imported", "in_time", "lift_area", "out_of_fold"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MODELS = ("ours", "logistic", "lightgbm")
FOLDS = 5
BEGINS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Where the tenth that is judged begins, as a share of the rows in the order of time."""

SPEC = SPECS["campaign_take_up"]


def imported(mapping: str, source: Path) -> tuple[Dataset, tuple[Column, ...]]:
    """The rows of a data set, oldest first, through its mapping and the contract's own checks; and their columns."""
    with TemporaryDirectory() as scratch:
        home = Home(Path(scratch))
        now = import_bank(mapping, source, home, datetime.now(UTC)).bank.data_until or datetime.now(UTC)
        bank = open_bank(home)
        labels = campaign_take_up_labels(bank, now)
        columns = {column.name: column for table in ("customers", "exposures") for column in bank.columns(table)}
    _, groups = np.unique(labels.customer_id, return_inverse=True)
    data = Dataset(
        name=SPEC.name,
        feature_names=labels.offer_attributes,
        offer_attributes=(),
        x=labels.offer_values,
        y=labels.y,
        groups=groups,
        cases=np.arange(len(groups)),
        as_of=labels.as_of,
        ripe_at=labels.known_at,
    )
    return data, tuple(columns[name] for name in data.inputs)


def out_of_fold(data: Dataset, columns: Sequence[Column], seed: int) -> tuple[dict[str, Floats], Integers]:
    """Each model's probabilities (n_rows,) from the folds that a row is not in, and the fold of each row."""
    fold_of = customer_folds(data.y, data.groups, FOLDS, seed)
    found = {name: np.empty(len(data.y)) for name in MODELS}
    for fold in range(FOLDS):
        unseen = np.flatnonzero(fold_of == fold)
        told = _told(columns, data.rows(np.flatnonzero(fold_of != fold)), data.rows(unseen), seed)
        for name, probability in told.items():
            found[name][unseen] = probability
    return found, fold_of


def in_time(data: Dataset, columns: Sequence[Column], seed: int) -> Figures:
    """AUC by model and tenth, each judged by what was known before it; `data` lies in the order of time.

    Ours leaves out the inputs that moved within the rows it learns from (training/steadiness.py); the peers have all.
    """
    figures: dict[str, float] = {}
    ends = (*BEGINS[1:], 1.0)
    for tenth, (begin, end) in enumerate(zip(BEGINS, ends, strict=True)):
        seen = data.rows(np.arange(int(begin * len(data.y))))
        unseen = data.rows(np.arange(int(begin * len(data.y)), int(end * len(data.y))))
        moved = moved_inputs(seen)
        told = _told(columns, seen, unseen, seed, moved)
        figures |= {f"{name}_auc_{tenth}": float(roc_auc_score(unseen.y, told[name])) for name in MODELS}
        figures[f"moved_inputs_{tenth}"] = float(len(moved))
    return figures


def _told(
    columns: Sequence[Column],
    seen: Dataset,
    unseen: Dataset,
    seed: int,
    without: Sequence[str] | dict[str, float] = (),
) -> dict[str, Floats]:
    ours = fit_model(SPEC, _without(seen, without), seed).probability(_without(unseen, without))
    return {
        "ours": ours,
        "logistic": logistic_regression(columns, seen, unseen),
        "lightgbm": lightgbm_as_it_comes(columns, seen, unseen),
    }


def _without(data: Dataset, names: Sequence[str] | dict[str, float]) -> Dataset:
    kept = [place for place, name in enumerate(data.inputs) if name not in names]
    return replace(
        data,
        feature_names=tuple(data.feature_names[place] for place in kept),
        x=np.ascontiguousarray(data.x[:, kept]),
    )


def figures_by_fold(data: Dataset, found: dict[str, Floats], fold_of: Integers) -> Figures:
    """AUC, log-loss and the area under the lift curve of each model in each fold."""
    figures: dict[str, float] = {}
    for fold in range(FOLDS):
        rows = fold_of == fold
        y = data.y[rows]
        for name in MODELS:
            p = found[name][rows]
            figures |= {
                f"{name}_auc_{fold}": float(roc_auc_score(y, p)),
                f"{name}_log_loss_{fold}": float(log_loss(y, p)),
                f"{name}_lift_area_{fold}": lift_area(y, p),
            }
    return figures


def lift_area(y: Integers, probability: Floats) -> float:
    """The area under the cumulative share of takers by share of people called, the likeliest first; 0.5 is chance."""
    taken = np.cumsum(y[np.argsort(-probability, kind="stable")]) / y.sum()
    return float(np.trapezoid(np.concatenate([[0.0], taken]), dx=1 / len(y)))
