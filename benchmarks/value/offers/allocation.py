"""Offers under budgets of contacts, seconds and money: the product beside plainer ways and beside oracles."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.value.numbers import JUDGED_START
from benchmarks.value.offers.calibration import take_up_ece
from benchmarks.value.offers.learning import (
    Learnt,
    by_offer,
    inputs_of,
    learnt_from,
    pairs_of,
    showing_data,
    take_up_spec,
)
from benchmarks.value.offers.oracle import oracle_gains
from benchmarks.value.offers.worth import Stakes, catalogue_offers, chosen, stakes_of
from benchmarks.value.task import Figures
from benchmarks.value.trees import grown
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld, logged_world
from linewise.simulation.logged.callers import OFFER_IDS, Callers, draw_callers
from linewise.simulation.logged.offers import NOTHING, OfferLog, OfferTruth, engine_propensities, offer_log, offer_truth
from training.effects.baselines import two_models

__all__ = ["FLOOR_RATIO", "JUDGED_COUNT", "judge", "judged_callers", "world_of"]

JUDGED_COUNT = 50_000
FLOOR_RATIO = 0.02 * (NOTHING + 1)
"""Two of a hundred decisions for each action at the least."""


def world_of(world: str, log_count: int, seed: int) -> LoggedWorld:
    """The world of one task."""
    return logged_world(name=world, seed=seed, log_count=log_count, floor_ratio=FLOOR_RATIO)


def judged_callers(world: LoggedWorld, count: int = JUDGED_COUNT) -> tuple[Callers, OfferTruth, Stakes]:
    """Customers of whom no log tells, the truth about them, and what is at stake."""
    callers = draw_callers(world, count, JUDGED_START)
    truth = offer_truth(world, callers)
    return callers, truth, stakes_of(world, callers, truth)


def judge(name: str, log_count: int, seed: int) -> Figures:
    """The true gain a customer, in minor units, of each way to choose, all by the same allocation."""
    world = world_of(name, log_count, seed)
    callers, truth, stakes = judged_callers(world)
    log = offer_log(world)
    learnt = learnt_from(world, log, seed)
    value = stakes.value_amt(learnt.default_12m(callers))

    def gain(priority_amt: Floats) -> float:
        return stakes.earned_amt(chosen(stakes, priority_amt))

    def by_uplift(uplift: Floats) -> float:
        return gain(stakes.priority_amt(uplift, value))

    rivals = _rivals(world, log, learnt, callers, seed)
    product = by_uplift(learnt.uplift(callers))
    on_x = gain(np.where(callers.is_permitted, oracle_gains(world, callers), -np.inf))
    engine = engine_propensities(world, callers)[:, :NOTHING]
    take_up = learnt.take_ups(callers)
    return {
        "product": product,
        "oracle_on_x": max(on_x, product),
        "fitted_oracle": on_x,
        "oracle_on_latent": by_truth(stakes, truth),
        "logged": float((engine * np.where(callers.is_permitted, stakes.gain_amt, 0.0)).sum(axis=1).mean()),
        "bank_engine": gain(np.where(callers.is_permitted, engine, -np.inf)),
        "propensity": gain(np.where(callers.is_permitted, take_up, -np.inf)),
        "propensity_value": by_uplift(take_up),
        "value_alone": gain(np.where(callers.is_permitted, value, -np.inf)),
        **{rival: by_uplift(uplift()) for rival, uplift in rivals.items()},
        "s_on_profit": gain(_profit_learnt(stakes, log, learnt, world)),
        **take_up_ece(world, callers, truth, take_up),
        **_told_of_effect(learnt, truth),
    }


def by_truth(stakes: Stakes, truth: OfferTruth) -> float:
    """The gain of whoever sees what is hidden, too."""
    priority = stakes.priority_amt(truth.uplift, stakes.value_amt(truth.default_12m))
    return stakes.earned_amt(chosen(stakes, priority))


def _rivals(
    world: LoggedWorld, log: OfferLog, learnt: Learnt, callers: Callers, seed: int
) -> dict[str, Callable[[], Floats]]:
    """Uplift of each offer by the plainer learners, (n_people, n_offers)."""
    plain = replace(learnt, take_up=replace(learnt.take_up, effect=None))

    def of_two_models() -> Floats:
        spec = take_up_spec(len(log.action))
        shown, not_shown = two_models(spec, showing_data(world, log), seed)
        columns = []
        for offer in range(len(OFFER_IDS)):
            x = pairs_of(callers, np.full(len(callers), offer)).x[:, :-1]
            columns.append(shown.predict(x, num_threads=1) - not_shown.predict(x, num_threads=1))
        return np.column_stack(columns)

    return {"s_learner": lambda: plain.uplift(callers), "t_learner": of_two_models}


def _profit_learnt(stakes: Stakes, log: OfferLog, learnt: Learnt, world: LoggedWorld) -> Floats:
    """Trees on what was earned of what was shown, defaults among it: what a model of profit itself would choose by."""
    shown = np.flatnonzero((log.action < NOTHING) & ~log.is_censored)
    offer = log.action[shown]
    of_log = stakes_of(world, log.callers, offer_truth(world, log.callers))
    came_true = of_log.value_amt(log.is_default.astype(np.float64))[shown, offer]
    earned = log.is_taken[shown, offer] * came_true - catalogue_offers().cost_amt[offer]
    x = np.hstack([inputs_of(log.callers)[shown], catalogue_offers().attributes[offer]])
    parameters = take_up_spec(len(log.action)).booster_parameters([str(place) for place in range(x.shape[1])], 1)
    trees = grown(x, earned, 100, parameters | {"objective": "regression"})
    return np.where(stakes.callers.is_permitted, by_offer(trees, inputs_of(stakes.callers)), -np.inf)


def _told_of_effect(learnt: Learnt, truth: OfferTruth) -> dict[str, float]:
    effect = learnt.take_up.effect
    assert effect is not None
    return {
        "effect_slope": effect.slope,
        "correction_slope": effect.correction_slope,
        "clipped_ratio": effect.clipped_ratio,
        "mean_effect": effect.mean_effect,
        "mean_effect_error": effect.mean_effect_error,
        "true_mean_effect": float(truth.uplift.mean()),
    }
