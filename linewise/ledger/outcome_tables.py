"""The table of what customers answered."""

from sqlalchemy import Column, Date, DateTime, Index, Integer, String, Table, UniqueConstraint

from linewise.ledger.notes import Note
from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["outcomes"]

COUNTED_BY = ("channel", "repeat_number", "offer_id", "reason_code", "decision_id", "call_id", "agent_id")
"""What a team's figures are counted by: with it in their index no row is read for them."""

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
    Column("channel", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("reason_code", String(32), nullable=False),
    Column("note", Note, nullable=False),
    # The day before which the customer does not want to hear of it again, in the customer's own zone.
    Column("not_before", Date, nullable=True),
    Column("occurred_at", DateTime, nullable=False),
    Column("recorded_at", DateTime, nullable=False),
    # How often the same had been told before: answered, each time with another answer after it, or another text
    # of the action read; 0 the first time.
    Column("repeat_number", Integer, nullable=False),
    UniqueConstraint(
        "decision_id", "offer_id", "call_id", "agent_id", "outcome", "repeat_number", name="one_answer_once"
    ),
    Index("outcomes_by_customer", "customer_id", "occurred_at"),
    # What a team is shown is counted by kind and time, and looked up by call.
    Index("outcomes_by_kind", "outcome", "occurred_at", *COUNTED_BY),
    Index("outcomes_by_call", "call_id", "outcome"),
    info={PERSONAL: {"note": ""}},
)
