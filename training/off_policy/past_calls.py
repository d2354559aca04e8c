"""What the model's choice of offers would have brought in the bank's own calls of the past."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy.stats import norm

from linewise.bank.tables import open_bank
from linewise.core.errors import DataCheckFailed
from linewise.core.settings import Settings
from linewise.quality.intervals import Measured
from training.dataset import ShowingDataset, build_dataset, read_frames
from training.effects.censoring import known_weight, uncensored
from training.fitting import fit_model
from training.folds import customer_folds
from training.off_policy.clustered import Clusters
from training.off_policy.estimators import METHODS, Logged, value_of_policy
from training.sources import LabelSources
from training.specs import SPECS, ModelSpec

__all__ = ["PastCalls", "PolicyWorth", "past_calls", "worth_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CALLS_MINIMUM = 200
FOLDS = 2


class PolicyWorth(BaseModel):
    """Orders kept a call under one way to choose, by each method with its 95% interval, and what to be wary of."""

    model_config = ConfigDict(frozen=True)

    policy: str
    by_method: dict[str, Measured]
    effective_count: float
    warnings: tuple[str, ...]


class PastCalls(BaseModel):
    """Ways to choose the offer of a call, judged by those in which one was shown with a known probability.

    left_out_count: calls in which several were shown, or nobody wrote down how likely the one was.
    """

    model_config = ConfigDict(frozen=True)

    call_count: int
    order_count: int
    left_out_count: int
    as_logged: Measured
    policies: tuple[PolicyWorth, ...]


def past_calls(settings: Settings) -> PastCalls:
    """Judge ways to choose by the loaded bank's calls.

    Raises BankMissing, and DataCheckFailed where the bank delivers no showings, or too few with the probability of
    what was shown.
    """
    spec = SPECS["offer_take_up"]
    labels = LabelSources(settings, open_bank(settings.paths)).every_showing(spec)
    (frame,) = read_frames(settings.paths, [labels])
    data = build_dataset(spec, labels, frame)
    if not isinstance(data, ShowingDataset):
        raise TypeError("labels of showings were expected to make pairs")
    return worth_of(spec, data, labels.offer_place, labels.pscore, settings.seed)


def worth_of(spec: ModelSpec, data: ShowingDataset, offer: Integers, pscore: Floats, seed: int) -> PastCalls:
    """The same of pairs: every offer open in a call is a row, with its place and the pscore of what was shown.

    offer, pscore: (n_rows,). What chooses and what expects is fitted on other customers than those judged.
    """
    _, case = np.unique(data.cases, return_inverse=True)
    is_known = (data.is_shown == 1) & (pscore > 0)
    judged = (np.bincount(case, data.is_shown) == 1) & (np.bincount(case, is_known) == 1)
    if int(judged.sum()) < CALLS_MINIMUM:
        raise DataCheckFailed(
            f"{int(judged.sum())} calls tell which one offer was shown and with what probability.",
            f"At least {CALLS_MINIMUM} were expected: without them nothing can be said of another way to choose.",
            "See which tables the bank delivers with: linewise bank check",
        )
    effect, expected = _of_others(spec, data, seed)
    call = np.cumsum(judged)[case] - 1
    rows = np.flatnonzero(judged[case])
    shown = rows[data.is_shown[rows] == 1]
    shown = shown[np.argsort(call[shown], kind="stable")]

    def spread(values: Floats, beside: float) -> Floats:
        found = np.full((int(judged.sum()), int(offer.max()) + 1), beside)
        found[call[rows], offer[rows]] = values[rows]
        return found

    agents = np.where(data.agents[shown] >= 0, data.agents[shown], -1 - data.groups[shown])
    clusters = Clusters((agents, data.groups[shown]), len(shown))
    weight = known_weight(data, spec)[shown]
    logged = Logged(offer[shown], pscore[shown], data.y[shown].astype(np.float64), clusters, weight)
    is_open = spread(np.ones(len(offer)), 0.0)
    ways = {
        "the highest effect": _best(spread(effect, -np.inf)),
        "the likeliest order": _best(spread(expected, -np.inf)),
        "each open offer evenly": is_open / is_open.sum(axis=1, keepdims=True),
    }
    earned = weight * logged.reward
    half = float(norm.ppf(0.975)) * clusters.standard_error(earned)
    mean = float(earned.mean())
    return PastCalls(
        call_count=len(shown),
        order_count=int(logged.reward.sum()),
        left_out_count=int((~judged).sum()),
        as_logged=Measured(value=mean, low=mean - half, high=mean + half),
        policies=tuple(_judged(name, policy, logged, spread(expected, 0.0)) for name, policy in ways.items()),
    )


def _best(score: Floats) -> Floats:
    """All for the highest, (n_calls, n_offers)."""
    return np.asarray(np.eye(score.shape[1])[score.argmax(axis=1)], dtype=np.float64)


def _judged(name: str, policy: Floats, logged: Logged, expected: Floats) -> PolicyWorth:
    found = {method: value_of_policy(logged, policy, expected, method=method) for method in METHODS}
    support = found["switch_dr"].support
    return PolicyWorth(
        policy=name,
        by_method={method: Measured(value=one.value, low=one.low, high=one.high) for method, one in found.items()},
        effective_count=support.effective_count,
        warnings=support.warnings,
    )


def _of_others(spec: ModelSpec, data: ShowingDataset, seed: int) -> tuple[Floats, Floats]:
    """The effect of each row's offer, and the probability of its being taken once shown, (n_rows,) each."""
    fold_of = customer_folds(data.y, data.groups, FOLDS, seed)
    effect, expected = np.empty(len(data.y)), np.empty(len(data.y))
    for fold in range(FOLDS):
        fitted = fit_model(spec, uncensored(data.rows(np.flatnonzero(fold_of != fold)), spec), seed)
        unseen = np.flatnonzero(fold_of == fold)
        asked = data.rows(unseen)
        effect[unseen] = fitted.uplift(asked)
        expected[unseen] = fitted.probability(replace(asked, x=asked.as_if(1)))
    return effect, expected
