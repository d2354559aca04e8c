"""Calls and what was said of them, read back: each call as it stands, its events in order, an agent's live ones."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from linewise.core.clock import BankClock
from linewise.core.errors import UnknownCall
from linewise.ledger.call_kinds import CallPhase
from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.store import Ledger

__all__ = [
    "LONGEST_CALL",
    "PhoneCall",
    "Told",
    "call_within",
    "calls_begun_since",
    "calls_of_customer",
    "event_within",
    "events_of_call",
    "events_of_calls",
    "events_within",
    "find_call",
    "live_calls_of",
    "read_call",
    "told_of",
]

LONGEST_CALL = timedelta(hours=4)
"""After so long without an end a call is live no more: a hang-up that was lost must keep nobody's file open."""


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """A call or visit: as telephony told of it when it rang, and who has it now.

    rang_at, answered_at, ended_at: by the clock of whoever told; recorded_at: by our wall clock. agent_id: empty
    while nobody has it; language: empty where nobody named one. is_identity_verified, caller_role (CALLER_ROLES):
    as told when it rang.
    """

    call_id: str
    customer_id: str
    rang_at: datetime
    recorded_at: datetime
    agent_id: str = ""
    team: str = ""
    queue: str = ""
    channel: str = "voice"
    direction: str = "inbound"
    language: str = ""
    caller_role: str = "customer"
    is_identity_verified: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def phase(self) -> CallPhase:
        """Whether it rings, was answered, or is over."""
        return "ended" if self.ended_at is not None else "ringing" if self.answered_at is None else "answered"


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a call; number: its place in the call from 1; sequence: its place among those of all calls.

    source: telephony, agent or service; agent_id: who told it, or who has the call from now on; details: JSON, by kind.
    """

    event_id: str
    kind: str
    source: str
    at: datetime
    recorded_at: datetime
    agent_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    sequence: int = 0


def find_call(connection: Connection, call_id: str) -> PhoneCall | None:
    """The call, inside a transaction; None where there is none."""
    row = connection.execute(select(calls).where(calls.c.call_id == call_id)).one_or_none()
    return None if row is None else PhoneCall(**row._mapping)


def call_within(connection: Connection, call_id: str) -> PhoneCall:
    """The call, inside a transaction; raises UnknownCall."""
    found = find_call(connection, call_id)
    if found is None:
        raise UnknownCall(call_id)
    return found


def told_of(row: Row[Any]) -> Told:
    """The event in a row of its table."""
    values = {name: getattr(row, name) for name in Told.__slots__}
    return Told(**values | {"details": json.loads(row.details)})


def event_within(connection: Connection, call_id: str, event_id: str) -> Told | None:
    """The event of that id, inside a transaction; None where there is none."""
    query = select(call_events).where(call_events.c.call_id == call_id, call_events.c.event_id == event_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else told_of(row)


def events_within(connection: Connection, call_id: str) -> Sequence[Told]:
    """As events_of_call, inside a transaction."""
    query = select(call_events).where(call_events.c.call_id == call_id).order_by(call_events.c.number)
    return [told_of(row) for row in connection.execute(query)]


def read_call(ledger: Ledger, call_id: str) -> PhoneCall:
    """The call as it stands; raises UnknownCall."""
    with ledger.engine.connect() as connection:
        return call_within(connection, call_id)


def events_of_call(ledger: Ledger, call_id: str) -> Sequence[Told]:
    """What was said of a call, in the order of arrival; nothing of a call that nobody told of."""
    with ledger.engine.connect() as connection:
        return events_within(connection, call_id)


def events_of_calls(ledger: Ledger, call_ids: Collection[str]) -> Mapping[str, Sequence[Told]]:
    """As events_of_call, of several calls by one question; nothing of a call of which nothing was said."""
    if not call_ids:
        return {}
    query = select(call_events).where(call_events.c.call_id.in_(call_ids)).order_by(call_events.c.number)
    found: dict[str, list[Told]] = {}
    with ledger.engine.connect() as connection:
        for row in connection.execute(query):
            found.setdefault(row.call_id, []).append(told_of(row))
    return found


def live_calls_of(ledger: Ledger, agent_id: str, now: datetime | None = None) -> Sequence[PhoneCall]:
    """The calls that ring at this agent or that the agent has, the latest first; none for an empty name.

    now: the present moment by the wall clock. A call that began longer ago than LONGEST_CALL is live no more.
    """
    if not agent_id:
        return []
    since = (now or BankClock().now()) - LONGEST_CALL
    query = (
        select(calls)
        .where(calls.c.agent_id == agent_id, calls.c.ended_at.is_(None), calls.c.recorded_at > since)
        .order_by(calls.c.recorded_at.desc(), calls.c.call_id)
    )
    with ledger.engine.connect() as connection:
        return [PhoneCall(**row._mapping) for row in connection.execute(query)]


def calls_of_customer(ledger: Ledger, customer_id: str, most: int = 10) -> Sequence[PhoneCall]:
    """The calls of a customer that were told of, the latest first."""
    query = (
        select(calls).where(calls.c.customer_id == customer_id).order_by(calls.c.recorded_at.desc(), calls.c.call_id)
    )
    with ledger.engine.connect() as connection:
        return [PhoneCall(**row._mapping) for row in connection.execute(query.limit(most))]


def calls_begun_since(connection: Connection, customer_id: str, since: datetime) -> Sequence[PhoneCall]:
    """The calls of a customer that were told of from that moment of the wall clock on, inside a transaction."""
    query = select(calls).where(calls.c.customer_id == customer_id, calls.c.recorded_at >= since)
    return [PhoneCall(**row._mapping) for row in connection.execute(query.order_by(calls.c.recorded_at))]
