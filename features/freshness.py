"""How old a row of features may be: the one place where an age becomes a word.

The doctor asks for more (a nightly build, `serving.scoring.readiness`); here is asked whether a row still
describes its customer.
"""

from datetime import datetime, timedelta
from typing import Literal

from linewise.core.clock import as_utc

__all__ = ["MEANINGS", "STALE_AFTER", "TOO_OLD_AFTER", "Freshness", "freshness_of"]

Freshness = Literal["fresh", "stale", "too old"]

STALE_AFTER = timedelta(days=31)
"""Statements, salaries and standing orders come monthly: past a month, one of each is surely missing."""

TOO_OLD_AFTER = timedelta(days=92)
"""A quarter: an older row no longer describes the customer whom it is asked about. Feast's time to live."""

MEANINGS: dict[Freshness, str] = {
    "fresh": f"no older than {STALE_AFTER.days} days",
    "stale": f"older than {STALE_AFTER.days} days, so build the features again",
    "too old": f"older than {TOO_OLD_AFTER.days} days, and not to be served",
}


def freshness_of(as_of: datetime, now: datetime) -> Freshness:
    """The word for the age of what was known `as_of`; an age of exactly a threshold has not passed it."""
    age = as_utc(now) - as_utc(as_of)
    if age > TOO_OLD_AFTER:
        return "too old"
    return "stale" if age > STALE_AFTER else "fresh"
