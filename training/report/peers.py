"""The learners that stand beside each other in a report, fitted on the same rows by the same folds of customers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from training.dataset import Dataset, ShowingDataset
from training.fitting import FittedModel, fit_model
from training.level import level_of, shifted
from training.logistic import fit_logistic
from training.plain_boosting import fit_plain
from training.showings import IS_SHOWN
from training.specs import ModelSpec
from training.splits import TimeSplit

__all__ = [
    "CHAMPION",
    "LOGISTIC",
    "MODEL",
    "OTHER_SEED",
    "PLAIN",
    "Fitted",
    "Scored",
    "learners",
    "score",
    "with_shown",
]

Floats = npt.NDArray[np.float64]

MODEL, OTHER_SEED = "model", "model, other seed"
CHAMPION, LOGISTIC, PLAIN = "champion", "logistic regression", "LightGBM as it comes"
LEVELLED = (MODEL, OTHER_SEED, CHAMPION)


class Fitted(Protocol):
    """What any learner gives."""

    def probability(self, data: Dataset) -> Floats:
        """Probabilities (n_rows,) of the rows of `data`."""


Learner = Callable[[Dataset], Fitted]


@dataclass(frozen=True, slots=True)
class Scored:
    """What a learner says of rows that it has not seen.

    test (n_test,): probabilities of the judged rows. fit (n_fit,): of the fitted rows, by the fits of other customers.
    uplift (n_test,): the probability if the offer is shown less the one if it is not; None without such an input.
    """

    test: Floats
    fit: Floats
    uplift: Floats | None


def learners(spec: ModelSpec, seed: int, champion: ModelSpec | None) -> dict[str, Learner]:
    """The judged recipe, the same by another seed, the recipe in service where there is one, and the plain rivals."""
    found: dict[str, Learner] = {
        MODEL: lambda data: fit_model(spec, data, seed),
        OTHER_SEED: lambda data: fit_model(spec, data, seed + 1),
        LOGISTIC: lambda data: fit_logistic(spec, data, seed),
        PLAIN: lambda data: fit_plain(spec, data, seed),
    }
    if champion is not None:
        found[CHAMPION] = lambda data: fit_model(champion, data, seed)
    return found


def score(
    data: Dataset, split: TimeSplit, by_name: Mapping[str, Learner], fold_count: int, seed: int
) -> dict[str, Scored]:
    """Fit every learner on each fold's earlier rows and score its later ones; all on the very same rows."""
    place = np.full(len(data.y), -1)
    place[split.test] = np.arange(len(split.test))
    fit_place = np.full(len(data.y), -1)
    fit_place[split.fit] = np.arange(len(split.fit))
    has_offers = IS_SHOWN in data.offer_attributes
    found = {
        name: Scored(
            np.empty(len(split.test)), np.empty(len(split.fit)), np.empty(len(split.test)) if has_offers else None
        )
        for name in by_name
    }
    for part in split.parts(data, fold_count, seed):
        seen, judged = data.rows(part.fit), data.rows(part.test)
        own = np.setdiff1d(split.fit, part.fit)
        for name, learn in by_name.items():
            fitted, into = learn(seen), found[name]
            if len(own):
                into.fit[fit_place[own]] = fitted.probability(data.rows(own))
            if not len(part.test):
                continue
            into.test[place[part.test]] = fitted.probability(judged)
            if into.uplift is not None:
                into.uplift[place[part.test]] = _uplift(fitted, judged)
    rows = data.rows(split.fit)
    return {name: _levelled(rows, one) if name in LEVELLED else one for name, one in found.items()}


def _levelled(rows: Dataset, scored: Scored) -> Scored:
    """With the level that the last fitted months call for, as `training.candidates` sets it on what it registers."""
    shift = level_of(rows, scored.fit)
    return replace(scored, test=shifted(scored.test, shift), fit=shifted(scored.fit, shift))


def _uplift(fitted: Fitted, judged: Dataset) -> Floats:
    """What showing its offer adds to each row, (n_rows,), as the model itself says it where it has learnt that."""
    if isinstance(fitted, FittedModel) and isinstance(judged, ShowingDataset):
        return fitted.uplift(judged)
    shown, control = (fitted.probability(with_shown(judged, is_shown)) for is_shown in (1.0, 0.0))
    return shown - control


def with_shown(data: Dataset, is_shown: float) -> Dataset:
    """The rows as if their offer had been shown (1) or not (0)."""
    x = data.x.copy()
    x[:, data.inputs.index(IS_SHOWN)] = is_shown
    return replace(data, x=x)
