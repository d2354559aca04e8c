"""Fifty ways to choose an offer that no log has followed, from the cautious to the stubborn."""

from collections.abc import Iterator

import lightgbm as lgb
import numpy as np

from benchmarks.value.numbers import OTHER_LOG_START
from benchmarks.value.offers.learning import inputs_of
from benchmarks.value.offers.worth import Stakes, catalogue_offers
from benchmarks.value.trees import grown
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld
from linewise.simulation.logged.callers import OFFER_IDS
from linewise.simulation.logged.offers import NOTHING, offer_log

__all__ = ["POLICY_COUNT", "policies_of", "quick_take_up"]

POLICY_COUNT = 50
OTHER_LOG_COUNT = 30_000

EVEN_RATIOS = (0.0, 0.0, 0.1, 0.3)
"""How much of a policy is drawn evenly: half of them draw nothing, which a log tells least of."""


def quick_take_up(world: LoggedWorld) -> lgb.Booster:
    """Trees on another, smaller log: policies are made without the log by which they are judged."""
    log = offer_log(world, OTHER_LOG_COUNT, OTHER_LOG_START)
    shown = np.flatnonzero((log.action < NOTHING) & ~log.is_censored)
    offer = log.action[shown]
    x = np.hstack([inputs_of(log.callers)[shown], catalogue_offers().attributes[offer]])
    parameters = {"objective": "binary", "num_leaves": 8, "learning_rate": 0.1}
    return grown(x, log.is_taken[shown, offer].astype(np.float64), 60, parameters)


def policies_of(stakes: Stakes, take_up: Floats, value_amt: Floats, seed: int) -> Iterator[Floats]:
    """The probability of each action, (n_people, n_offers + 1), of POLICY_COUNT policies.

    Each tilts what an offer is expected to bring by whims about the offers and about two features, asks for more than
    a price of its own, and draws evenly as often as EVEN_RATIOS say.
    """
    callers, whims = stakes.callers, np.random.default_rng(seed)
    features = np.hstack([callers.people.features, callers.features])
    is_open = np.column_stack([callers.is_permitted, np.ones(len(callers), dtype=np.bool_)])
    even = is_open / is_open.sum(axis=1, keepdims=True)
    rows = np.arange(len(callers))
    for number in range(POLICY_COUNT):
        liked = np.exp(0.5 * whims.normal(size=len(OFFER_IDS)))
        column = features[:, whims.integers(features.shape[1])]
        rank = np.argsort(np.argsort(column, kind="stable"), kind="stable") / len(column)
        tilt = np.exp(0.6 * np.outer(rank - 0.5, whims.normal(size=len(OFFER_IDS))))
        worth = take_up * np.maximum(value_amt, 0.0) * liked * tilt - catalogue_offers().cost_amt
        priced = worth - whims.uniform(0.0, 1_500.0)
        priority = np.where(is_open, np.column_stack([priced, np.zeros(len(callers))]), -np.inf)
        policy = EVEN_RATIOS[number % len(EVEN_RATIOS)] * even
        policy[rows, priority.argmax(axis=1)] += 1.0 - EVEN_RATIOS[number % len(EVEN_RATIOS)]
        yield policy
