"""The breaker: raises stop by themselves where too much was booked, or lost early, until a person lets them go on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from linewise.core.actions import LIMIT_ACTION
from linewise.ledger.booking_tables import bookings, breaker_trips, cancelled_bookings
from linewise.ledger.stops import read_stops, stop_within

__all__ = [
    "BREAKER",
    "EARLY_LOSS",
    "EXPOSURE",
    "Bounds",
    "Trip",
    "booked_exposure_amt",
    "check_breaker",
    "counted_until",
    "trips_of",
]

BREAKER = "breaker"
"""Who stopped it, where nobody did: another name than any person's, so that any person in the role may lift it."""

EXPOSURE, EARLY_LOSS = "exposure", "early_loss"
RAISES = LIMIT_ACTION.lower()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be booked in raises, and lost early on them, within so many days; minor units."""

    exposure_amt: int
    early_loss_amt: int
    days: float


@dataclass(frozen=True, slots=True)
class Trip:
    """What was found above which bound, and when raises stopped for it."""

    watched: str
    found_amt: int
    bound_amt: int
    at: datetime


def booked_exposure_amt(connection: Connection, bounds: Bounds, at: datetime) -> int:
    """What raises booked within the bounds' days add to what may be owed, since a person last let them go on."""
    is_cancelled = select(cancelled_bookings.c.quote_id).where(cancelled_bookings.c.quote_id == bookings.c.quote_id)
    query = select(func.coalesce(func.sum(bookings.c.exposure_amt), 0)).where(
        bookings.c.kind == RAISES,
        bookings.c.booked_at > at - timedelta(days=bounds.days),
        bookings.c.sequence > counted_until(connection, EXPOSURE),
        ~is_cancelled.exists(),
    )
    return int(connection.execute(query).scalar_one())


def check_breaker(
    connection: Connection, bounds: Bounds, at: datetime, stopped_at: datetime, early_loss_amt: int | None = None
) -> Trip | None:
    """Stop raises where a bound is passed and they are not stopped already; gives what was found.

    Inside a transaction that holds the right to write. at: the bank's moment; stopped_at: by the wall clock, as
    every stop. early_loss_amt: what is overdue on lines raised by bookings after `counted_until`, where somebody
    has looked.
    """
    if RAISES in read_stops(connection).kinds:
        return None
    found = {EXPOSURE: booked_exposure_amt(connection, bounds, at)}
    if early_loss_amt is not None:
        found[EARLY_LOSS] = early_loss_amt
    bound = {EXPOSURE: bounds.exposure_amt, EARLY_LOSS: bounds.early_loss_amt}
    passed = next((one for one in found if found[one] > bound[one]), None)
    return None if passed is None else _trip(connection, passed, found[passed], bound[passed], at, stopped_at)


def _trip(
    connection: Connection, watched: str, found_amt: int, bound_amt: int, at: datetime, stopped_at: datetime
) -> Trip:
    last = connection.execute(select(func.coalesce(func.max(bookings.c.sequence), 0))).scalar_one()
    values = {"watched": watched, "found_amt": found_amt, "bound_amt": bound_amt, "last_booking": last, "at": at}
    connection.execute(insert(breaker_trips).values(**values))
    reason = f"{watched} of {found_amt} minor units on raises, above the bound of {bound_amt}"
    stop_within(connection, "action_kind", RAISES, reason, BREAKER, stopped_at)
    return Trip(watched, found_amt, bound_amt, at)


def trips_of(connection: Connection) -> list[Trip]:
    """Every time that raises stopped by themselves, the latest first."""
    query = select(breaker_trips).order_by(breaker_trips.c.sequence.desc())
    return [Trip(row.watched, row.found_amt, row.bound_amt, row.at) for row in connection.execute(query)]


def counted_until(connection: Connection, watched: str) -> int:
    """The last booking that a trip of that kind counted: behind it the count begins anew once raises go on."""
    query = select(func.coalesce(func.max(breaker_trips.c.last_booking), 0)).where(breaker_trips.c.watched == watched)
    return int(connection.execute(query).scalar_one())
