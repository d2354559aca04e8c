"""Who of those that were allocated is on the list of a campaign: in whose rank, on which day, by which channel."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from linewise.decisioning.types import Bools, Ints
from linewise.quality.tiles import tiles_by
from serving.campaigns.gathering.candidates import AS_USUAL, HELD, NOT_HELD, Candidates
from serving.campaigns.gathering.several import Several
from serving.campaigns.planning.allocating import Allocated, Limit, chosen_campaign, kept_campaigns
from serving.campaigns.planning.listing import Listed
from serving.campaigns.planning.scheduling import scheduled

__all__ = ["listed_of"]


def listed_of(
    candidates: Candidates, several: Several, allocated: Allocated, campaign: int, limits: Sequence[Limit]
) -> tuple[Listed, dict[int, int]]:
    """The list in order of the base with its days, and how many of each holdout of the bank would be on it."""
    brief = several.briefs[campaign]
    ours = chosen_campaign(kept_campaigns(candidates, several), allocated) == campaign
    held = {kind: int((ours & (candidates.held == kind)).sum()) for kind in (HELD, AS_USUAL)}
    rows = np.flatnonzero(ours & (candidates.held == NOT_HELD))
    at = allocated.choice[rows]
    own = [several.channels.index(one.channel) for one in brief.channels]
    channel_of = np.array([own.index(one.channel) if one.campaign == campaign else -1 for one in several.actions])
    offer_of = np.array([one.offer for one in several.actions])
    action = candidates.action[rows]
    chosen = action[np.arange(len(rows)), at]
    is_treated = ~candidates.is_control[rows, campaign]
    rank = _ranks(candidates.priority[rows, at], candidates.draw[rows])
    moves = _moves(candidates, rows, at, action, (channel_of, offer_of), len(own))
    left = min(limit.amount for limit in limits if limit.is_money)
    left -= float(candidates.cost_amt[rows, at][is_treated].sum())
    open_in = {
        place: _paid_for(candidates, rows, at, to, rank, is_treated, left / max(len(own), 1))
        for place, to in moves.items()
    }
    planned = scheduled(brief, channel_of[chosen], is_treated, rank, open_in)
    for place, to in moves.items():
        is_moved = (planned.channel == place) & (channel_of[chosen] != place) & (to >= 0)
        at = np.where(is_moved, to, at)
    priority = candidates.priority[rows, at]
    tiles = tiles_by(-rank.astype(np.float64))
    return (
        Listed(
            place=candidates.place[rows],
            is_treated=is_treated,
            offer=offer_of[chosen],
            channel=planned.channel,
            segment=candidates.segment[rows, campaign].astype(np.int64),
            day=planned.day,
            priority=priority,
            propensity=candidates.propensity[rows, at],
            uplift=candidates.uplift[rows, at],
            value_amt=candidates.value_amt[rows, at],
            cost_amt=candidates.cost_amt[rows, at],
            decile=tiles.astype(np.int8),
            zone=candidates.zone[rows].astype(np.int64),
            language=candidates.language[rows].astype(np.int64),
            age_band=candidates.age_band[rows].astype(np.int64),
        ),
        held,
    )


def _ranks(priority: Ints, draw: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
    """The place of each by priority, the highest first; ties go by the draw."""
    rank = np.empty(len(priority), dtype=np.int64)
    rank[np.lexsort((draw, -priority))] = np.arange(len(priority))
    return rank


def _moves(
    candidates: Candidates, rows: Ints, at: Ints, action: np.ndarray[Any, Any], of: tuple[Ints, Ints], count: int
) -> dict[int, Ints]:
    """By channel of the campaign, the place of the same offer by that channel among each one's kept, or -1."""
    channel_of, offer_of = of
    offer = offer_of[action[np.arange(len(rows)), at]]
    found = {}
    for place in range(count):
        is_same = (action >= 0) & (channel_of[np.maximum(action, 0)] == place)
        is_same &= offer_of[np.maximum(action, 0)] == offer[:, None]
        is_same &= candidates.priority[rows] > 0
        found[place] = np.where(is_same.any(axis=1), is_same.argmax(axis=1), -1)
    return found


def _paid_for(
    candidates: Candidates, rows: Ints, at: Ints, to: Ints, rank: Ints, is_treated: Bools, left: float
) -> Bools:
    """Who could be moved to another channel for what is left of the money, the first in rank first."""
    more = candidates.cost_amt[rows, np.maximum(to, 0)] - candidates.cost_amt[rows, at]
    more = np.where((to >= 0) & is_treated, np.maximum(more, 0), 0)
    order = np.argsort(rank, kind="stable")
    spent = np.empty(len(rows))
    spent[order] = np.cumsum(more[order])
    return (to >= 0) & (spent <= left)
