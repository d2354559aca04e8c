"""Columns of who the customer is: master data, and what time it is where they are."""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import NEVER, days_between
from linewise.decisioning.types import Floats, Ints
from serving.scoring.keyed import Rows
from serving.scoring.reach import zone_info, zones_of
from serving.scoring.sight import Sight

__all__ = ["clock_columns", "person_columns"]

NOON = 12.0


def person_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Flags of the customer's master data; NaN where the bank does not know."""
    rows = sight.customers()
    return {
        "is_student": rows["is_student"],
        "is_staff": rows["is_staff"],
        "is_related_party": rows["is_related_party"],
        "is_vulnerable": np.where(rows["vulnerable_until"] <= sight.at, 0.0, rows["is_vulnerable"]),
        "contact_point_changed_days": _contact_point_changed_days(rows, sight.at),
    }


def _contact_point_changed_days(rows: Rows, at: Ints) -> Floats:
    changed = [rows[name] for name in ("contact_point_changed_at", "device_changed_at")]
    latest = np.maximum(*(np.where(moments <= at, moments, -1) for moments in changed))
    return days_between(np.where(latest < 0, NEVER, latest), at)


def clock_columns(sight: Sight, phones: Rows, holidays: frozenset[date]) -> dict[str, NDArray[Any]]:
    """The hour where the customer is: the zone of the telephone, else of the customer, else the bank's.

    `phones` are the known rows of contact points that a call reaches; the latest one that names a zone counts.
    """
    hour, is_holiday = np.empty(len(sight)), np.empty(len(sight), dtype=bool)
    zones = zones_of(sight, phones)
    for zone in {*zones}:
        there = sight.now.astimezone(zone_info(zone))
        here = zones == zone
        hour[here] = there.hour + there.minute / 60 + there.second / 3600
        is_holiday[here] = there.date() in holidays
    return {"local_hour": hour, "is_holiday_morning": (is_holiday & (hour < NOON)).astype(np.float64)}
