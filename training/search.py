"""A search for parameters: by a seed and a budget, unpromising ones left early, and of the good ones the smallest.

Each tree is paid for at every call, so that the best is not what is wanted: of all sets whose loss is not worse than
the best one's by more than a standard error of the difference, the one with the fewest leaves is taken (after the
one-standard-error rule of Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984, with the
error of the paired difference, since all sets are judged on the same rows).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from training.dataset import Dataset
from training.searching import Losses
from training.specs import SPECS, ModelSpec
from training.splits import split_by_time

if TYPE_CHECKING:
    import optuna

__all__ = ["SEARCH_FILE", "Budget", "Search", "Tried", "search"]

Floats = npt.NDArray[np.float64]
Progress = Callable[[int], None]

SEARCH_FILE = "search.json"
OTHER_FOLDS = 7_919
"""Added to the seed: what is searched on some folds must not be reported on the same."""

WARM_UP = 5
"""Sets tried whole before any is left early."""


class Budget(BaseModel):
    """How long is searched: so many sets, and at most so many minutes, after which a result hangs on the machine."""

    model_config = ConfigDict(frozen=True)

    trials: int
    minutes: float = 30.0


class Tried(BaseModel):
    """One set of parameters. loss: mean over the folds that were walked; excess: over the best's, with one error."""

    model_config = ConfigDict(frozen=True)

    parameters: dict[str, float | int]
    state: Literal["complete", "left early"]
    folds_walked: int
    loss: float
    leaves: int
    excess: float | None = None
    excess_error: float | None = None


class Search(BaseModel):
    """What was tried, in order, and the places of the best and of the chosen set in it."""

    model_config = ConfigDict(frozen=True)

    model: str
    seed: int
    budget: Budget
    row_count: int
    fold_count: int
    tried: tuple[Tried, ...]
    best: int
    chosen: int

    def applied(self, spec: ModelSpec) -> ModelSpec:
        """The spec with the chosen parameters."""
        return type(spec).model_validate({**spec.model_dump(), **self.tried[self.chosen].parameters})


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float
    is_whole: bool = False
    is_log: bool = False


RANGES: dict[str, _Range] = {
    "tree_count": _Range(20, 100, is_whole=True),
    "leaf_count": _Range(2, 15, is_whole=True),
    "depth": _Range(1, 5, is_whole=True),
    "learning_rate": _Range(0.02, 0.3, is_log=True),
    "leaf_rows_minimum": _Range(5, 500, is_whole=True, is_log=True),
    "l2_penalty": _Range(0.1, 30, is_log=True),
    "feature_ratio": _Range(0.2, 1.0),
    "row_ratio": _Range(0.5, 1.0),
}


def search(spec: ModelSpec, data: Dataset, seed: int, budget: Budget, progress: Progress | None = None) -> Search:
    """Try sets of parameters on the rows whose labels were known before the judged ones; the standing set comes first.

    A parameter that was set by hand is left as it is. The same seed, rows and number of trials give the same search,
    unless the minutes run out. `progress` is told of each set.
    """
    import optuna  # noqa: PLC0415  a second that nobody who does not search should wait for

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rows = data.rows(split_by_time(data).fit)
    losses = Losses.of(spec, rows, seed + OTHER_FOLDS)
    free = {name: known for name, known in RANGES.items() if getattr(spec, name) == getattr(SPECS[spec.name], name)}
    kept: dict[int, Floats] = {}

    def judge(trial: "optuna.Trial") -> float:
        changed = spec.model_copy(update={name: _asked(trial, name, known) for name, known in free.items()})
        found = np.full(len(rows.y), np.nan)
        for fold in range(spec.fold_count):
            losses.walk(changed, fold, found)
            trial.report(float(np.nanmean(found)), fold)
            if trial.should_prune():
                raise optuna.TrialPruned
        kept[trial.number] = found
        return float(found.mean())

    study = optuna.create_study(
        direction="minimize",
        sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=WARM_UP),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=WARM_UP, n_warmup_steps=0),
    )
    study.enqueue_trial({name: getattr(spec, name) for name in free})
    told = [] if progress is None else [lambda *_: progress(1)]
    study.optimize(judge, n_trials=budget.trials, timeout=60 * budget.minutes, callbacks=told)
    tried = [_tried(spec, free, trial) for trial in study.trials]
    best = min(kept, key=lambda at: (tried[at].loss, at))
    for at, found in kept.items():
        excess, error = _excess(found - kept[best], rows.groups)
        tried[at] = tried[at].model_copy(update={"excess": excess, "excess_error": error})
    return Search(
        model=spec.name,
        seed=seed,
        budget=budget,
        row_count=len(rows.y),
        fold_count=spec.fold_count,
        tried=tuple(tried),
        best=best,
        chosen=_smallest(tried),
    )


def _asked(trial: "optuna.Trial", name: str, known: _Range) -> float | int:
    if known.is_whole:
        return trial.suggest_int(name, int(known.low), int(known.high), log=known.is_log)
    return trial.suggest_float(name, known.low, known.high, log=known.is_log)


def _tried(spec: ModelSpec, free: dict[str, Any], trial: "optuna.trial.FrozenTrial") -> Tried:
    changed = spec.model_copy(update={name: trial.params[name] for name in free})
    reported = trial.intermediate_values
    return Tried(
        parameters=dict(trial.params),
        state="complete" if trial.value is not None and len(reported) == spec.fold_count else "left early",
        folds_walked=len(reported),
        loss=float(reported[max(reported)]),
        leaves=changed.tree_count * min(changed.leaf_count, 2**changed.depth),
    )


def _excess(difference: Floats, groups: npt.NDArray[np.int64]) -> tuple[float, float]:
    """The mean of differences (n_rows,) and its standard error over customers."""
    _, place = np.unique(groups, return_inverse=True)
    left = np.bincount(place, difference - difference.mean())
    return float(difference.mean()), float(np.sqrt((left**2).sum()) / len(difference))


def _smallest(tried: list[Tried]) -> int:
    """The place of the smallest set that is not worse than the best by more than one standard error."""
    near = [
        (one.leaves, one.loss, at)
        for at, one in enumerate(tried)
        if one.excess is not None and one.excess_error is not None and one.excess <= one.excess_error
    ]
    return min(near)[2]
