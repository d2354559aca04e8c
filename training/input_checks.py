"""Whether the inputs can be learnt from: what never varies, and what predicts too well alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linewise.core.errors import DataCheckFailed
from training.dataset import AmountDataset, Dataset
from training.folds import customer_folds
from training.specs import ModelSpec

__all__ = ["InputChecks", "check_inputs"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CELLS = 20
TOLD = 10
FOLD_SEED = 0  # which customers are on which side says nothing, so that no seed is asked for


@dataclass(frozen=True, slots=True)
class InputChecks:
    """What was found.

    idle: inputs that are constant or missing in every row. alone: how well the best of the inputs predict each by
    itself for other customers, the best first: AUC, at least 0.5; of an amount the share of its variance.
    """

    idle: tuple[str, ...]
    alone: dict[str, float]


def check_inputs(spec: ModelSpec, data: Dataset) -> InputChecks:
    """Look at every input by itself.

    Raises DataCheckFailed where no input varies, and where one alone predicts better than `spec.alone_most`: it knows
    what came after the moment that it is said to be of, or it is the label under another name.
    """
    columns = dict(zip(data.inputs, data.x.T, strict=True))
    idle = tuple(name for name, values in columns.items() if _is_idle(values))
    if len(idle) == len(columns):
        raise DataCheckFailed(
            f"The model {spec.name!r} cannot be trained: every input is constant or missing in all rows.",
            "At least one that differs between rows was expected. The champion, if there is one, stays as it is.",
            "See what the features hold with: linewise features profile",
        )
    half = customer_folds(data.y, data.groups, 2, FOLD_SEED)
    target = _share(data) if isinstance(data, AmountDataset) else data.y.astype(np.float64)
    judge = _explained if isinstance(data, AmountDataset) else _auc
    found = {name: judge(_cells(values), target, half) for name, values in columns.items() if name not in idle}
    alone = dict(sorted(found.items(), key=lambda pair: -pair[1])[:TOLD])
    leaks = [f"{name} ({value:.3f})" for name, value in alone.items() if value > spec.alone_most]
    if leaks:
        measure = "share of the variance" if isinstance(data, AmountDataset) else "AUC"
        raise DataCheckFailed(
            f"The model {spec.name!r} cannot be trained: {', '.join(leaks)} predicts the label too well alone.",
            f"An {measure} of at most {spec.alone_most} by a single input was expected: above it the input knows what "
            "came after its moment, or is the label. The champion, if there is one, stays as it is.",
            f"Mend the column or take it away; if it is right: linewise model train {spec.name} -S alone_most=1",
        )
    return InputChecks(idle, alone)


def _is_idle(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return not len(known) or (len(known) == len(values) and bool((known == known[0]).all()))


def _share(data: AmountDataset) -> Floats:
    return data.amount_amt if data.is_share else data.amount_amt / np.maximum(np.nan_to_num(data.scale_amt), 1.0)


def _cells(values: Floats) -> Integers:
    """The cell of each row (n_rows,): by quantiles, and one of those that are missing."""
    is_known = np.isfinite(values)
    cells = np.zeros(len(values), dtype=np.int64)
    if is_known.any():
        edges = np.unique(np.quantile(values[is_known], np.linspace(0, 1, CELLS + 1)[1:-1]))
        cells[is_known] = 1 + np.searchsorted(edges, values[is_known], side="left")
    return cells


def _by_cell(cells: Integers, target: Floats, rows: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Rows and sum of the target in each cell."""
    most = int(cells.max()) + 1
    count = np.bincount(cells[rows], minlength=most).astype(np.float64)
    return count, np.bincount(cells[rows], target[rows], minlength=most).astype(np.float64)


def _expected(cells: Integers, target: Floats, rows: npt.NDArray[np.bool_]) -> Floats:
    """What each cell is expected to hold, from these rows; drawn to the mean of all by one row."""
    count, total = _by_cell(cells, target, rows)
    return np.asarray((total + target[rows].mean()) / (count + 1.0))


def _auc(cells: Integers, y: Floats, half: Integers) -> float:
    """AUC of what the other half of the customers says of each cell, the mean of both halves."""
    return float(np.mean([_auc_of(cells, y, half == one) for one in (0, 1)]))


def _auc_of(cells: Integers, y: Floats, judged: npt.NDArray[np.bool_]) -> float:
    count, hits = _by_cell(cells, y, judged)
    order = np.argsort(-_expected(cells, y, ~judged), kind="stable")
    hits, misses = hits[order], (count - hits)[order]
    if not hits.sum() or not misses.sum():
        return 0.5
    before = np.cumsum(hits) - hits / 2
    return float((misses * before).sum() / (hits.sum() * misses.sum()))


def _explained(cells: Integers, share: Floats, half: Integers) -> float:
    """The share of the variance that the other half's means by cell explain, at least 0."""
    left, spread = 0.0, 0.0
    for one in (0, 1):
        judged = half == one
        mean = _expected(cells, share, ~judged)[cells[judged]]
        left += float(((share[judged] - mean) ** 2).sum())
        spread += float(((share[judged] - share.mean()) ** 2).sum())
    return max(0.0, 1.0 - left / spread) if spread > 0 else 0.0
