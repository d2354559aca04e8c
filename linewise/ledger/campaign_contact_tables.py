"""The tables of campaigns' exports: each batch of files, and every contact that one claims."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from linewise.ledger.moments import Moment
from linewise.ledger.schema import SCHEMA

__all__ = ["campaign_batches", "campaign_contacts"]

campaign_batches = Table(
    "campaign_batches",
    SCHEMA,
    Column("batch_id", String(64), primary_key=True),
    Column("campaign_id", String(64), nullable=False),
    # The first export of a campaign is 1; each that supersedes it has the next number.
    Column("number", Integer, nullable=False),
    Column("plan_sha256", String(64), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("begun_by", String(64), nullable=False),
    Column("has_bom", Boolean, nullable=False),
    # begun, exported, superseded, abandoned.
    Column("status", String(16), nullable=False),
    Column("ended_at", Moment),
    # Who ended it: whoever exported it, or gave it up.
    Column("ended_by", String(64)),
    # Of its manifest, which names the hash of every other file.
    Column("manifest_sha256", String(64)),
    UniqueConstraint("campaign_id", "number", name="one_batch_a_number"),
)

campaign_contacts = Table(
    "campaign_contacts",
    SCHEMA,
    # Follows from plan, customer and offer, so that a contact that is claimed again is the same one.
    Column("decision_id", String(36), primary_key=True),
    Column("campaign_id", String(64), nullable=False),
    Column("batch_id", String(64), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("offer_id", String(64), nullable=False),
    Column("offer_group", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_because", String(32)),
    Index("campaign_contacts_by_customer", "customer_id", "claimed_at"),
    Index("campaign_contacts_of_campaign", "campaign_id", "customer_id"),
)
