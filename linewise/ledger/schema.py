"""The tables of the ledger, in one SQL toolkit's terms so that PostgreSQL follows SQLite."""

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

__all__ = ["SCHEMA", "decisions", "outcomes"]

SCHEMA = MetaData()

decisions = Table(
    "decisions",
    SCHEMA,
    Column("decision_id", String(36), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("as_of", DateTime, nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("release_id", String(64), nullable=False),
    Column("seed", Integer, nullable=False),
    # What was known: feature values as used, state and context, enough to decide the same again.
    Column("inputs", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Index("decisions_by_customer", "customer_id", "decided_at"),
)

outcomes = Table(
    "outcomes",
    SCHEMA,
    # The order of arrival: a bank clock that stands still gives all answers the same time.
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("outcome_id", String(36), nullable=False, unique=True),
    Column("decision_id", String(36), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("offer_id", String(64), nullable=False),
    Column("offer_group", String(64), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("agent_id", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason_code", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("occurred_at", DateTime, nullable=False),
    Column("recorded_at", DateTime, nullable=False),
    UniqueConstraint("decision_id", "offer_id", "call_id", "agent_id", "outcome", name="one_answer_once"),
    Index("outcomes_by_customer", "customer_id", "occurred_at"),
)
