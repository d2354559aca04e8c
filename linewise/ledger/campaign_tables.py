"""The tables of campaigns: what was planned and signed of each, how far it has come, and who is its control."""

from sqlalchemy import BigInteger, Column, Float, Integer, String, Table, Text

from linewise.ledger.moments import Moment
from linewise.ledger.notes import Note
from linewise.ledger.schema import SCHEMA

__all__ = ["campaign_controls", "campaigns"]

campaigns = Table(
    "campaigns",
    SCHEMA,
    Column("campaign_id", String(40), primary_key=True),
    Column("plan_sha256", String(64), nullable=False),
    # What customers hear and read of its offers, with the disclosures: whoever approves has looked at these words.
    Column("words_sha256", String(64), nullable=False),
    # Names in JSON, in the order of the campaign's file.
    Column("offers", Text, nullable=False),
    Column("channels", Text, nullable=False),
    Column("approvers", Text, nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    # The window and the days in which a response still counts: so long every door keeps its offers from its control.
    Column("held_until", Moment, nullable=False),
    Column("control_share_ratio", Float, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("treated_count", Integer, nullable=False),
    Column("control_count", Integer, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    # planned, approved, exported or stopped.
    Column("state", String(16), nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", Moment, nullable=False),
    # Why it was stopped; empty else.
    Column("reason", Note, nullable=False),
    Column("exported_at", Moment, nullable=True),
)

campaign_controls = Table(
    "campaign_controls",
    SCHEMA,
    Column("campaign_id", String(40), primary_key=True),
    # An erasure looks for it.
    Column("customer_id", String(64), primary_key=True, index=True),
)
