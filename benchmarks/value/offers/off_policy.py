"""Off-policy estimates of fifty policies from one log, held against what they would truly earn."""

from collections.abc import Mapping

import numpy as np

from benchmarks.value.numbers import TRUTH_START
from benchmarks.value.offers.allocation import world_of
from benchmarks.value.offers.learning import by_offer, inputs_of, take_up_spec
from benchmarks.value.offers.policies import POLICY_COUNT, policies_of, quick_take_up
from benchmarks.value.offers.worth import Stakes, catalogue_offers, stakes_of
from benchmarks.value.task import Figures
from benchmarks.value.trees import grown
from linewise.decisioning.types import Floats, Ints
from linewise.simulation.logged import LoggedWorld
from linewise.simulation.logged.callers import OFFER_IDS, draw_callers
from linewise.simulation.logged.offers import NOTHING, OfferLog, offer_log, offer_truth
from training.folds import customer_folds
from training.off_policy import METHODS, Clusters, Logged, value_of_policy

__all__ = ["judge_off_policy"]

TRUTH_COUNT = 200_000
FOLDS, TREES = 5, 100
LEAST_KNOWN = 0.2
PUT_OFF: Mapping[str, object] = {
    "objective": "binary", "num_leaves": 6, "min_data_in_leaf": 500, "learning_rate": 0.1, "max_bin": 63,
}  # fmt: skip


def judge_off_policy(name: str, log_count: int, seed: int) -> Figures:
    """Of each way to estimate: the relative errors over the policies, and how many 95% intervals hold the truth.

    What is judged is what is earned of what was shown and taken, less the cost of asking; an order is worth what it
    is worth of somebody of the usual default, to the estimates and to the truth alike.
    """
    world = world_of(name, log_count, seed)
    log = offer_log(world)
    others = draw_callers(world, TRUTH_COUNT, TRUTH_START)
    of_log, of_truth = (stakes_of(world, one, offer_truth(world, one)) for one in (log.callers, others))
    # An order is worth what it is expected to be worth: the judged noise is that of orders.
    value, true_value = (_value(world, one) for one in (of_log, of_truth))
    taken = offer_truth(world, others).taken_if_shown
    cost = catalogue_offers().cost_amt
    true_reward = np.column_stack([taken * true_value - cost, np.zeros(len(others))])

    trees = quick_take_up(world)
    logged = _logged(log, value)
    expected = np.column_stack([_expected(log, seed) * value - cost, np.zeros(len(log.action))])
    errors = {method: np.empty(POLICY_COUNT) for method in METHODS}
    held = {method: np.empty(POLICY_COUNT) for method in METHODS}
    effective, warned = np.empty(POLICY_COUNT), 0
    paired = zip(
        policies_of(of_log, by_offer(trees, inputs_of(log.callers)), value, seed),
        policies_of(of_truth, by_offer(trees, inputs_of(others)), true_value, seed),
        strict=True,
    )
    for place, (policy, same) in enumerate(paired):
        truth = float((same * true_reward).sum(axis=1).mean())
        for method in METHODS:
            found = value_of_policy(logged, policy, expected, method=method)
            errors[method][place] = found.value / truth - 1.0
            held[method][place] = found.low <= truth <= found.high
        effective[place] = found.support.effective_count / len(log.action)
        warned += bool(found.support.warnings)
    return {
        **{f"{method}_rms": float(np.sqrt((errors[method] ** 2).mean())) for method in METHODS},
        **{f"{method}_bias": float(errors[method].mean()) for method in METHODS},
        **{f"{method}_held": float(held[method].mean()) for method in METHODS},
        "effective_ratio": float(effective.mean()),
        "warned_count": float(warned),
    }


def _value(world: LoggedWorld, stakes: Stakes) -> Floats:
    """What an order of each offer is worth, by the default that is usual in the world."""
    usual = np.full(len(stakes.callers), 0.02)
    return stakes.value_amt(usual)


def _logged(log: OfferLog, value_amt: Floats) -> Logged:
    """The log as rewards; of who put the answer off the reward is not known, and those like them are weighed up."""
    rows, shown = np.arange(len(log.action)), log.action < NOTHING
    offer = np.minimum(log.action, NOTHING - 1)
    reward = np.where(shown, log.is_taken[rows, offer] * value_amt[rows, offer] - catalogue_offers().cost_amt[offer], 0)
    agents = np.where(log.callers.agent >= 0, log.callers.agent, -1 - rows)
    return Logged(
        action=log.action,
        propensity=log.propensity[rows, log.action],
        reward=reward,
        clusters=Clusters((agents,), len(rows)),
        weight=_known_weight(log),
    )


def _known_weight(log: OfferLog) -> Floats:
    """1 / P(the answer is known) where it is, 0 where it was put off; only who was asked can put it off."""
    asked = np.flatnonzero(log.is_pitched)
    x, label = inputs_of(log.callers)[asked], log.is_censored[asked].astype(np.int64)
    put_off = _crossed(PUT_OFF, x, label, asked, 40)
    weight = np.ones(len(log.action))
    weight[asked] = 1.0 / np.maximum(1.0 - put_off, LEAST_KNOWN)
    return np.where(log.is_censored, 0.0, weight)


def _crossed(parameters: Mapping[str, object], x: Floats, y: Ints, groups: Ints, trees: int) -> Floats:
    """What trees say of rows of customers that they have not seen, (n_rows,)."""
    fold_of, found = customer_folds(y, groups, FOLDS, 0), np.empty(len(y))
    for fold in range(FOLDS):
        seen, unseen = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        booster = grown(x[seen], y[seen], trees, parameters)
        found[unseen] = booster.predict(x[unseen], num_threads=1)
    return found


def _expected(log: OfferLog, seed: int) -> Floats:
    """The probability of each offer being taken once shown, (n_rows, n_offers), of fits of other customers."""
    attributes, weight = catalogue_offers().attributes, _known_weight(log)
    known, rows = inputs_of(log.callers), np.arange(len(log.action))
    columns = [str(one) for one in range(known.shape[1] + attributes.shape[1])]
    parameters = take_up_spec(len(rows)).booster_parameters(columns, 1)
    fold_of = customer_folds(log.is_taken.any(axis=1).astype(np.int64), rows, FOLDS, seed)
    found = np.empty((len(rows), len(OFFER_IDS)))
    for fold in range(FOLDS):
        seen = np.flatnonzero((fold_of != fold) & (log.action < NOTHING) & (weight > 0))
        unseen, offer = np.flatnonzero(fold_of == fold), log.action[seen]
        x = np.hstack([known[seen], attributes[offer]])
        taken = log.is_taken[seen, offer].astype(np.float64)
        found[unseen] = by_offer(grown(x, taken, TREES, parameters, weight[seen]), known[unseen])
    return found
