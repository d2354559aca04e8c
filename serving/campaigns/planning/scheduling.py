"""On which day, and by which channel, everybody on a list is contacted: the first in rank first, within a day's quota.

Who is in a control group is given the day on which those of the same rank are contacted, and takes nobody's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from linewise.decisioning.types import Bools, Ints
from serving.campaigns.brief.campaign import Brief

__all__ = ["Scheduled", "scheduled"]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """day: days from the first of the window on, (n_listed,); channel (n_listed,): places among the campaign's own."""

    day: Ints
    channel: Ints


def scheduled(brief: Brief, channel: Ints, is_treated: Bools, rank: Ints, open_in: Mapping[int, Bools]) -> Scheduled:
    """The day and channel of everybody listed.

    channel (n_listed,): as it was allocated, a place among the campaign's channels; rank (n_listed,): unique, 0 the
    first; open_in: by channel who may be moved to it, (n_listed,), where it is worth its cost and paid for.
    """
    quotas = [one.most_a_day for one in brief.channels]
    treated = np.flatnonzero(is_treated)
    treated = treated[np.argsort(rank[treated], kind="stable")]
    day = np.full(len(channel), -1, dtype=np.int64)
    moved = channel.copy()
    if brief.spill_over == "next_channel":
        day[treated] = _spilled(brief, moved, treated, open_in, quotas)
    else:
        for place, quota in enumerate(quotas):
            mine = treated[moved[treated] == place]
            day[mine] = np.arange(len(mine)) // quota
    others = np.flatnonzero(~is_treated)
    for place in range(len(quotas)):
        mine, those = treated[moved[treated] == place], others[moved[others] == place]
        if len(mine):
            at = np.minimum(np.searchsorted(rank[mine], rank[those]), len(mine) - 1)
            day[those] = day[mine][at]
        else:
            day[those] = 0
    return Scheduled(day, moved)


def _spilled(brief: Brief, channel: Ints, treated: Ints, open_in: Mapping[int, Bools], quotas: list[int]) -> Ints:
    """The days of the treated in order of rank; `channel` is changed for those who are moved."""
    day = np.full(len(treated), -1, dtype=np.int64)
    # So much of each channel is spoken for by those who were allocated to it and not yet reached.
    for today in range(brief.window.day_count):
        room = list(quotas)
        waiting = np.flatnonzero(day < 0)
        for place in range(len(quotas)):
            mine = waiting[channel[treated[waiting]] == place][: room[place]]
            day[mine] = today
            room[place] -= len(mine)
        for place in range(len(quotas)):
            late = np.flatnonzero(day < 0)
            may_move = late[(channel[treated[late]] != place) & open_in[place][treated[late]]][: room[place]]
            channel[treated[may_move]] = place
            day[may_move] = today
        if (day >= 0).all():
            break
    return day
