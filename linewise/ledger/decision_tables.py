"""The tables of the decision record."""

from sqlalchemy import Column, DateTime, Index, Integer, String, Table, Text

from linewise.ledger.schema import SCHEMA

__all__ = ["decisions"]

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
