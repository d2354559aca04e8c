"""A retraining that keeps the trees and moves only what stands in their leaves: from day to day little changes."""

from dataclasses import replace

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from linewise.core.errors import UsageError
from training.artefact import read_artefact
from training.dataset import Dataset, ShowingDataset
from training.effects.correcting import Unseen, pseudo_outcomes
from training.effects.showing_chance import chance_of_showing
from training.fitting import FittedModel, fit_model
from training.specs import ModelSpec
from training.tracking import Registry

__all__ = ["fitted_or_renewed", "renewed_model"]

Floats = npt.NDArray[np.float64]


def fitted_or_renewed(spec: ModelSpec, data: Dataset, seed: int, level_shift: float, registry: Registry) -> FittedModel:
    """The model of these rows: new trees, or where `memory_ratio` says so the champion's, as far as there is one.

    New trees are set to the level of today, `level_shift`; leaves that moved have followed it. A champion that knows
    other inputs is none whose trees could be kept.
    """
    champion = registry.champion(spec.name) if spec.memory_ratio > 0 else None
    if champion is not None:
        before, inputs = read_artefact(registry.model_folder(champion))
        if inputs == data.inputs:
            return renewed_model(spec, before, data, seed)
    return fit_model(spec, data, seed).at_level(level_shift)


def renewed_model(spec: ModelSpec, champion: FittedModel, data: Dataset, seed: int) -> FittedModel:
    """The champion with each leaf drawn towards what the rows of `data` now say of it.

    A leaf keeps `spec.memory_ratio` of what stood in it. Trees grown anew on nearly the same rows are other trees, and
    suggest something else to customers of whom nothing has changed; the same trees on the same rows are the same. The
    calibration stays that of the champion, which was fitted on rows that its trees had not seen. Raises UsageError
    where the sign of an input is given: a leaf moved by itself would not keep it.
    """
    if spec.rising or spec.falling:
        raise UsageError(
            f"The model {spec.name!r} cannot be renewed leaf by leaf: the sign of some of its inputs is given.",
            "memory_ratio=0 was expected, with which its trees are grown anew.",
        )
    weight = np.ones(len(data.y)) if data.weight is None else data.weight
    booster = _moved(champion.booster, data.x, data.y.astype(np.float64), weight, spec.memory_ratio)
    renewed = replace(champion, booster=booster)
    if champion.effect is None or not isinstance(data, ShowingDataset):
        return renewed
    fold_of = data.lasting_folds(spec.inner_fold_count, "trees")
    chance, _ = chance_of_showing(data, fold_of, seed)
    shown, not_shown = (renewed.probability(replace(data, x=data.as_if(one))) for one in (1, 0))
    left = pseudo_outcomes(data, Unseen(shown, not_shown, fold_of), chance) - (shown - not_shown)
    correction = _moved(champion.effect.correction, data.x[:, :-1], left, weight, spec.memory_ratio)
    return replace(renewed, effect=replace(champion.effect, correction=correction))


def _moved(booster: lgb.Booster, x: Floats, label: Floats, weight: Floats, memory_ratio: float) -> lgb.Booster:
    """The same trees, each leaf a mean of what stood in it and of a Newton step on these rows, tree after tree.

    LightGBM's own refit steps from zero, and not from the mean from which the first tree was grown.
    """
    moved = lgb.Booster(model_str=booster.model_to_string())
    is_binary = moved.params["objective"] == "binary"
    rate, penalty = float(moved.params["learning_rate"]), float(moved.params["lambda_l2"])
    mean = float(np.average(label, weights=weight))
    start = float(logit(np.clip(mean, 1e-9, 1 - 1e-9))) if is_binary else mean
    score = np.full(len(label), start)
    for tree in range(moved.num_trees()):
        leaf = moved.predict(x, pred_leaf=True, start_iteration=tree, num_iteration=1, num_threads=1)
        leaf = np.asarray(leaf, dtype=np.int64).reshape(len(label))
        now = expit(score) if is_binary else score
        bend = weight * now * (1.0 - now) if is_binary else weight
        pull = np.bincount(leaf, weight * (label - now))
        step = rate * pull / np.maximum(np.bincount(leaf, bend) + penalty, 1e-300)
        # What the first tree says holds the mean from which it was grown.
        begins = start if tree == 0 else 0.0
        values = np.zeros(len(step))
        for place in np.flatnonzero(np.bincount(leaf)).tolist():
            before = moved.get_leaf_output(tree, place)
            values[place] = memory_ratio * before + (1.0 - memory_ratio) * (begins + step[place])
            moved.set_leaf_output(tree, place, values[place])
        score += values[leaf] - begins
    return moved
