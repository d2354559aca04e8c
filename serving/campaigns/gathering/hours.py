"""Whether the hours of a campaign are hours in which the rules let it be made: both ends are held against noon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.errors import BriefInvalid
from linewise.core.yaml_lines import line_in
from linewise.decisioning.types import Bools, Context, Customers
from serving.campaigns.base import Base, Frame
from serving.campaigns.brief.campaign import Brief
from serving.scoring.deciding import Offered

__all__ = ["ToldHour", "enforce_hours"]

NOON = time(12)


@dataclass(slots=True)
class ToldHour:
    """Tells a decision the hour at which it would be sent and not that of planning, and that nobody is held out.

    Who is held out is noted beside it: they are chosen like anybody, and then left alone.
    """

    at: time
    customers: Customers | None = None

    def told(self, customers: Customers) -> Mapping[str, NDArray[Any]]:
        """The columns in which a campaign's decision differs from a call's."""
        self.customers = customers
        count = len(customers)
        return {
            "local_hour": np.full(count, self.at.hour + self.at.minute / 60),
            "is_holiday_morning": np.zeros(count),
            "is_held_out": np.zeros(count),
        }


def enforce_hours(base: Base, frame: Frame, offered: Offered, brief: Brief, path: Path) -> None:
    """Raise BriefInvalid where a rule takes offers away at an end of the campaign's hours that it leaves at noon.

    frame: a few customers, who stand for all: an hour is no matter of who somebody is.
    """
    ours = np.array([one in brief.offer_ids for one in offered.offers.offer_id], dtype=np.bool_)
    for channel in brief.channels:
        at_noon = _hits(base, frame, offered, channel.channel, NOON)[1][:, ours]
        for name, at in (("opens", brief.window.opens), ("closes", brief.window.closes)):
            rules, hits = _hits(base, frame, offered, channel.channel, at)
            worse = (hits[:, ours] & ~at_noon).any(axis=(0, 1))
            if worse.any():
                rule = rules[int(worse.argmax())]
                raise BriefInvalid(
                    f"{path} line {line_in(path, ('window', name))}: at {at:%H:%M} nothing may be sent by "
                    f"{channel.channel}: {rule.rule_id}, {rule.because['en']}",
                    "Hours of the customer's own clock within those of the rules were expected.",
                    "Set window.opens and window.closes.",
                    line=line_in(path, ("window", name)),
                )


def _hits(base: Base, frame: Frame, offered: Offered, channel: str, at: time) -> tuple[Any, Bools]:
    now = base.desk.clock.now()
    context = Context(channel, now, base.desk.settings.language, explain=False, is_outbound=True)
    decided = frame.desk.propose(frame.rows, context, offered, ToldHour(at).told).offers
    return decided.rules, decided.hits
