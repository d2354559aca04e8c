"""Looking after raises: what was booked, what is overdue early, and the stop that comes of it."""

from dataclasses import dataclass
from datetime import datetime

from linewise.ledger.bookings import bookings_after
from linewise.ledger.breaker import EARLY_LOSS, booked_exposure_amt, check_breaker, counted_until
from linewise.ledger.stops import read_stops
from linewise.ledger.store import Ledger
from linewise.policy.promises import BreakerPolicy
from serving.scoring.breaking import bounds_of, early_loss_amt
from serving.scoring.facts import BankFacts

__all__ = ["Watched", "watch"]


@dataclass(frozen=True, slots=True)
class Watched:
    """What was found beside its bounds, minor units, and whether raises are stopped now."""

    exposure_amt: int
    exposure_bound_amt: int
    early_loss_amt: int
    early_loss_bound_amt: int
    is_stopped: bool


def watch(facts: BankFacts, ledger: Ledger, policy: BreakerPolicy, now: datetime, stopped_at: datetime) -> Watched:
    """Stop raises where what was booked, or is overdue early on lines that were raised, passes its bound.

    now: by the bank's clock; stopped_at: by the wall clock.
    """
    bounds = bounds_of(facts, policy)
    with ledger.writing() as connection:
        raised = bookings_after(connection, counted_until(connection, EARLY_LOSS), "limit")
        lost = early_loss_amt(facts, raised, policy, now)
        exposure = booked_exposure_amt(connection, bounds, now)
        check_breaker(connection, bounds, now, stopped_at, lost)
        is_stopped = "limit" in read_stops(connection).kinds
    return Watched(exposure, bounds.exposure_amt, lost, bounds.early_loss_amt, is_stopped)
