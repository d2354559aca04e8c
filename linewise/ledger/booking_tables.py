"""The tables of bookings: what the core system did upon a quote, and what was taken back."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from linewise.ledger.moments import Moment
from linewise.ledger.notes import Note
from linewise.ledger.schema import SCHEMA

__all__ = ["bookings", "breaker_trips", "cancelled_bookings"]

bookings = Table(
    "bookings",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("quote_id", String(36), nullable=False, unique=True),
    Column("customer_id", String(64), nullable=False, index=True),
    # The core system's own name of what it did, by which it may send it again.
    Column("core_reference", String(128), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("amount_amt", BigInteger, nullable=False),
    # By how much the customer may owe more than before; what the breaker counts.
    Column("exposure_amt", BigInteger, nullable=False),
    Column("booked_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

cancelled_bookings = Table(
    "cancelled_bookings",
    SCHEMA,
    Column("quote_id", String(36), primary_key=True),
    Column("reason", Note, nullable=False),
    Column("at", Moment, nullable=False),
)

breaker_trips = Table(
    "breaker_trips",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("watched", String(16), nullable=False),
    Column("found_amt", BigInteger, nullable=False),
    Column("bound_amt", BigInteger, nullable=False),
    # Up to which booking was counted: once a person lets raises go on, the count begins behind it.
    Column("last_booking", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
