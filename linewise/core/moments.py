"""Moments as arrays hold them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from linewise.core.clock import as_utc

__all__ = ["DAY_US", "NEVER", "days_between", "from_microseconds", "microseconds"]

NEVER = int(np.iinfo(np.int64).max)
"""A moment that a table leaves empty: it has not come, so that "by now" is false of it."""

DAY_US = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """The moment as whole microseconds since 1970, UTC; exact, which a float would not be."""
    return (as_utc(moment) - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(moment_us: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=moment_us)


def days_between(earlier: NDArray[np.int64], later: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days from one moment to another, both in microseconds; NaN where the earlier one never came."""
    gap = later.astype(np.float64) - earlier.astype(np.float64)
    return np.where(earlier == NEVER, np.nan, gap / DAY_US)
