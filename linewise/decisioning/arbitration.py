"""Ranking what is left: priority, the few that are shown, a small logged exploration of the primary one."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from linewise.decisioning.types import Bools, Floats, Ints, Texts

__all__ = ["ArbitrationPolicy", "Ranking", "rank_offers", "uniform_draw"]


@dataclass(frozen=True, slots=True)
class ArbitrationPolicy:
    """shown_count: suggestions on a screen; exploration_ratio: how often the primary one is drawn.

    help_shown_count: services that stand above the suggestions.
    """

    shown_count: int
    exploration_ratio: float
    help_shown_count: int = 3


@dataclass(frozen=True, slots=True)
class Ranking:
    """rank (n_customers, n_offers): 0 primary, -1 not shown; pscore: probability of being the primary one."""

    rank: Ints
    pscore: Floats


def uniform_draw(customer_id: Texts, seed: int, purpose: str) -> Floats:
    """A number in [0, 1) per customer that depends on nothing but the seed, the purpose and the id.

    So a customer's draw is the same alone, in a chunk of any size, and in a replay.
    """
    prefix = f"{seed}|{purpose}|"
    draws = [
        int.from_bytes(blake2b(f"{prefix}{one}".encode(), digest_size=8).digest(), "big") >> 11
        for one in customer_id.tolist()
    ]
    return np.array(draws, dtype=np.float64) * 2.0**-53


def _by_priority(priority: Floats, candidates: Bools) -> Ints:
    """The places of the offers from the highest priority down, (n_customers, n_offers), candidates first."""
    return np.argsort(np.where(candidates, -priority, np.inf), axis=1, kind="stable")


def _without_excluded(priority: Floats, candidates: Bools, excludes: Bools) -> Bools:
    """The candidates that may stand beside each other: of two that exclude each other the higher one stays."""
    order, rows = _by_priority(priority, candidates), np.arange(len(priority))
    stays = candidates.copy()
    for column in order.T:
        is_kept = stays[rows, column]
        stays &= ~(is_kept[:, None] & excludes[column])
    return stays


def rank_offers(
    priority: Floats,
    is_open: Bools,
    customer_id: Texts,
    policy: ArbitrationPolicy,
    seed: int,
    excludes: Bools | None = None,
    exploration: Floats | None = None,
) -> Ranking:
    """Rank the open offers of positive priority, (n_customers, n_offers) each.

    The primary suggestion is the one of highest priority, or with `exploration_ratio` one of the open
    ones drawn evenly; pscore is the probability with which each would have been primary, so that it can
    be weighed later. The others follow by priority; ties go to the order of the catalogue. Of two offers
    that exclude each other, (n_offers, n_offers) and symmetric, only the one of higher priority is left.
    exploration (n_customers,) takes the place of the policy's ratio where it is given.
    """
    candidates = is_open & (priority > 0)
    if excludes is not None and excludes.any():
        candidates = _without_excluded(priority, candidates, excludes)
    count = candidates.sum(axis=1)
    order = _by_priority(priority, candidates)
    best = order[:, 0]
    rows = np.arange(len(priority))

    epsilon = np.full(len(priority), policy.exploration_ratio) if exploration is None else exploration
    even = np.where(count > 0, epsilon / np.maximum(count, 1), 0.0)
    pscore = np.where(candidates, even[:, None], 0.0)
    pscore[rows, best] += np.where(count > 0, 1.0 - epsilon, 0.0)

    draw = uniform_draw(customer_id, seed, "primary")
    explores = (draw < epsilon) & (count > 1)
    position = np.where(explores, np.floor(draw / np.maximum(epsilon, 1e-300) * count), 0).astype(np.int64)
    primary = order[rows, np.minimum(position, np.maximum(count - 1, 0))]

    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[None, :].repeat(len(order), axis=0), axis=1)
    # The drawn one steps to the front; those that stood before it move one place down.
    before = place < place[rows, primary][:, None]
    rank = np.where(before, place + 1, place)
    rank[rows, primary] = 0
    rank = np.where(candidates & (rank < policy.shown_count), rank, -1)
    return Ranking(rank=rank, pscore=pscore)
