"""Who may be on a list, with the best actions of each, and all that the first pass finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.types import Bools, Floats, Ints
from serving.campaigns.gathering.addressing import Reached
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.steps import Waterfall

__all__ = ["AS_USUAL", "CLOSED", "HELD", "NOT_HELD", "Candidates", "Gathered", "best_of", "together"]

CLOSED = np.iinfo(np.int64).min

KEPT = 4
"""So many actions of a customer are kept, the best ones: what is taken away by a budget leaves three others."""

FIRST = 1e15
"""More than any priority in minor units."""

NOT_HELD, HELD, AS_USUAL = 0, 1, 2
"""Whether somebody stands in no holdout of the bank, in a named one, or in the cell of business as usual."""


@dataclass(slots=True)
class Candidates:
    """Who may be on a list, (n_candidates,) in order of the base, with their best actions, (n_candidates, n_kept).

    place: in the base; action: places among the actions, -1 for none, the best first; priority, value_amt, cost_amt:
    minor units; held: NOT_HELD and so on; is_control, segment (n_candidates, n_campaigns); contact (n_candidates,
    n_channels): a number for the token of each channel, 0 for none; draw: an even number that settles ties; zone,
    language: places among `Gathered.words`.
    """

    place: Ints
    action: NDArray[np.int16]
    priority: Ints
    value_amt: Ints
    cost_amt: Ints
    propensity: Floats
    uplift: Floats
    held: NDArray[np.int8]
    is_control: Bools
    segment: NDArray[np.int8]
    contact: NDArray[np.uint64]
    draw: Floats
    age_band: NDArray[np.int8]
    zone: NDArray[np.int16]
    language: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.place)


@dataclass(slots=True)
class Gathered:
    """What the first pass found: a waterfall a campaign, who it addressed (by place), and the candidates.

    age_bands (n_campaigns, n_bands): the addressed by age. words: time zones and languages, by their places.
    reached: by channel, how the candidates are.
    """

    waterfalls: list[Waterfall]
    is_addressed: Bools
    age_bands: Ints
    candidates: Candidates
    words: tuple[str, ...]
    reached: Mapping[str, Reached]


def best_of(priority: Ints, campaign_of: Ints) -> Ints:
    """The places of the actions that are kept of each, (n_customers, n_kept), the best first.

    The best of each campaign is among them, so that none loses a customer whom it could have.
    """
    key = priority.astype(np.float64)
    campaigns = np.unique(campaign_of)
    count = min(max(KEPT, 2 * len(campaigns)), priority.shape[1])
    if count < priority.shape[1]:
        first = key.copy()
        for campaign in campaigns.tolist():
            ours = np.flatnonzero(campaign_of == campaign)
            first[np.arange(len(key)), ours[key[:, ours].argmax(axis=1)]] += FIRST
        chosen = np.sort(np.argsort(-first, axis=1, kind="stable")[:, :count], axis=1)
    else:
        chosen = np.broadcast_to(np.arange(count), key.shape)
    order = np.argsort(-np.take_along_axis(key, chosen, axis=1), axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def together(parts: Sequence[Candidates], several: Several) -> Candidates:
    """The candidates of all frames as one, in the order of the base; none at all where nobody is addressed."""
    if parts:
        return Candidates(
            **{name: np.concatenate([getattr(one, name) for one in parts]) for name in Candidates.__slots__}
        )
    kept, by_campaign = (0, len(several.actions)), (0, len(several.briefs))
    return Candidates(
        place=np.zeros(0, dtype=np.int64),
        action=np.zeros(kept, dtype=np.int16),
        priority=np.zeros(kept, dtype=np.int64),
        value_amt=np.zeros(kept, dtype=np.int64),
        cost_amt=np.zeros(kept, dtype=np.int64),
        propensity=np.zeros(kept),
        uplift=np.zeros(kept),
        held=np.zeros(0, dtype=np.int8),
        is_control=np.zeros(by_campaign, dtype=np.bool_),
        segment=np.zeros(by_campaign, dtype=np.int8),
        contact=np.zeros((0, len(several.channels)), dtype=np.uint64),
        draw=np.zeros(0),
        age_band=np.zeros(0, dtype=np.int8),
        zone=np.zeros(0, dtype=np.int16),
        language=np.zeros(0, dtype=np.int16),
    )
