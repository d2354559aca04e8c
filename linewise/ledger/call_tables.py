"""The tables of calls: each call as telephony told of it, and what was said of it since; events are only added."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from linewise.ledger.moments import Moment
from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["call_events", "calls"]

calls = Table(
    "calls",
    SCHEMA,
    Column("call_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("team", String(64), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("direction", String(8), nullable=False),
    # Empty where nobody named one: then the setting holds.
    Column("language", String(16), nullable=False),
    # Both as telephony said when it rang; what was said since stands in the events.
    Column("caller_role", String(16), nullable=False),
    Column("is_identity_verified", Boolean, nullable=False),
    # By the clock of whoever told of it.
    Column("rang_at", Moment, nullable=False),
    # What the events come to, so that the live calls of an agent are found by index; empty agent: nobody's yet.
    Column("agent_id", String(64), nullable=False),
    Column("answered_at", Moment, nullable=True),
    Column("ended_at", Moment, nullable=True),
    # By our wall clock: a call of which nothing is heard any more does not stay live for ever.
    Column("recorded_at", Moment, nullable=False),
    Index("calls_by_agent", "agent_id", "ended_at"),
    Index("calls_by_age", "recorded_at"),
    # With what a team's figures ask of calls, so that no row is read for them.
    Index("calls_by_time", "rang_at", "answered_at", "team", "agent_id"),
)

call_events = Table(
    "call_events",
    SCHEMA,
    # The order of arrival over all calls: who follows calls asks for what came after the last one seen.
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("source", String(16), nullable=False),
    Column("agent_id", String(64), nullable=False),
    Column("details", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    UniqueConstraint("call_id", "number", name="one_number_an_event"),
    UniqueConstraint("call_id", "event_id", name="one_event_once"),
    Index("call_events_by_agent", "agent_id", "call_id"),
    Index("call_events_by_kind", "kind", "at"),
    info={PERSONAL: {"details": "{}"}},
)
