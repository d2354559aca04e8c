"""The table of queues: each as telephony measured it last. The price made of it stands in the decision's own record."""

from sqlalchemy import Column, Float, Integer, String, Table

from linewise.ledger.moments import Moment
from linewise.ledger.schema import SCHEMA

__all__ = ["queues"]

queues = Table(
    "queues",
    SCHEMA,
    Column("queue", String(64), primary_key=True),
    Column("waiting_count", Integer, nullable=False),
    Column("agent_count", Integer, nullable=False),
    Column("handling_seconds", Float, nullable=False),
    Column("arrivals_per_hour", Float, nullable=True),
    # By our wall clock: what was measured long ago says nothing of now.
    Column("recorded_at", Moment, nullable=False),
)
