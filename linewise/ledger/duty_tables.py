"""The tables of duties: what somebody must do, and each act upon it; rows are added and never changed."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, String, Table, Text

from linewise.ledger.notes import Note
from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["duties", "duty_acts", "reviews"]

duties = Table(
    "duties",
    SCHEMA,
    Column("duty_id", String(36), primary_key=True),
    Column("decision_id", String(36), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("rule_id", String(64), nullable=False),
    Column("action_id", String(64), nullable=False),
    Column("effect", String(16), nullable=False),
    Column("what", Text, nullable=False),
    Column("audience", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("is_blocking", Boolean, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    # Minor units of the bank's currency, where the duty is about an amount.
    Column("amount_amt", BigInteger, nullable=True),
    # A notice that a counter-offer was not taken is owed no more once it is.
    Column("lapses_when_accepted", Boolean, nullable=False),
    Index("duties_by_decision", "decision_id", "action_id"),
    Index("duties_by_due", "due_at"),
    Index("duties_by_customer", "customer_id"),
)

duty_acts = Table(
    "duty_acts",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("duty_id", String(36), nullable=False, index=True),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    # The duty again where the act ends it, else empty: what is ended twice breaks this key.
    Column("ends_duty_id", String(36), nullable=True, unique=True),
    Column("evidence", Note, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("due_at", DateTime, nullable=True),
    info={PERSONAL: {"evidence": ""}},
)

reviews = Table(
    "reviews",
    SCHEMA,
    Column("duty_id", String(36), primary_key=True),
    Column("decision_id", String(36), nullable=False, index=True),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("action_id", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("amount_amt", BigInteger, nullable=True),
    Column("reasons", Note, nullable=False),
    Column("by", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    # Whether the person decided otherwise than the rules had.
    Column("is_override", Boolean, nullable=False),
    Column("at", DateTime, nullable=False),
    info={PERSONAL: {"reasons": ""}},
)
