"""How customers are reached: by which names tables know a channel, which telephones, what time it is there."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from serving.scoring.keyed import Rows
from serving.scoring.sight import Sight

__all__ = ["CONTACT_CHANNELS", "phones_of", "zone_info", "zones_of"]

CONTACT_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "voice": ("voice", "telephone"),
    "ivr": ("ivr", "telephone"),
    "app": ("app", "push"),
    "web": ("web",),
    "branch": ("branch",),
}
"""By which names a bank's contact points and consents know the channel of a request."""


def phones_of(sight: Sight) -> Rows:
    """The known rows of contact points that a call reaches."""
    points = sight.rows("contact_points")
    return points.only(points.is_word("channel", *CONTACT_CHANNELS["voice"]))


def zones_of(sight: Sight, phones: Rows) -> NDArray[Any]:
    """The IANA name of the zone where each customer is, (n_customers,) objects.

    That of the latest telephone that names one, else the customer's own, else the bank's.
    """
    zones = np.full(len(sight), sight.facts.time_zone, dtype=object)
    named = phones.only(phones["time_zone"] >= 0)
    for rows in (sight.customers(), named.latest("changed_at", "recorded_at")):
        names = np.array([*rows.table.names_of("time_zone"), ""], dtype=object)[rows["time_zone"]]
        is_named = names != ""
        zones[rows.owner[is_named]] = names[is_named]
    return zones


@lru_cache(maxsize=1024)
def zone_info(name: str) -> tzinfo:
    """The zone of that name; UTC where the list has none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
