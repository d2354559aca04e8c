"""The tables of the decision record: what the chain binds, the keys of customers, and the seals."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from linewise.ledger.moments import Moment
from linewise.ledger.schema import SCHEMA

__all__ = ["checkpoints", "decisions", "record_customers", "record_events", "segments"]

DIGEST = String(64)
"""SHA-256 or HMAC-SHA256 in hexadecimal digits."""

record_customers = Table(
    "record_customers",
    SCHEMA,
    # Drawn at random: once this row is gone, nothing leads from the customer to the reference or back.
    Column("customer_ref", String(32), primary_key=True),
    Column("lookup", DIGEST, nullable=False, unique=True),
    Column("wrapped_secret", LargeBinary, nullable=False),
)

segments = Table(
    "record_segments",
    SCHEMA,
    # Numbered by hand in the transaction that opens it, so that a number that is missing means something.
    Column("segment_id", Integer, primary_key=True, autoincrement=False),
    Column("writer", String(32), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("key_id", DIGEST, nullable=False),
)

decisions = Table(
    "decisions",
    SCHEMA,
    Column("segment_id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("decision_id", String(36), nullable=False, unique=True),
    Column("customer_ref", String(32), nullable=False),
    Column("record_class", String(8), nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("release_id", String(64), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("commitment", DIGEST, nullable=False),
    Column("payload_digest", DIGEST, nullable=False),
    Column("link", DIGEST, nullable=False),
    # Last, so that a walk over the chain alone never reads it. Empty once erased or past its retention.
    Column("payload", LargeBinary),
    Index("decisions_by_customer", "customer_ref", "decided_at"),
)

record_events = Table(
    "record_events",
    SCHEMA,
    Column("segment_id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    # A customer's reference, or the class of records that was purged.
    Column("subject", String(32), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Moment),
    Column("link", DIGEST, nullable=False),
    Index("record_events_by_subject", "subject", "kind"),
)

checkpoints = Table(
    "record_checkpoints",
    SCHEMA,
    Column("segment_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # The line as it stands outside the database, signature and all.
    Column("line", Text, nullable=False),
)
