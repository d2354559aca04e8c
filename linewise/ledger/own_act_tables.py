"""The tables of customers' own acts: what waits for which customer, the codes read back, messages to be sent."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, text

from linewise.ledger.moments import Moment
from linewise.ledger.notes import Note
from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["one_time_codes", "outbox", "own_acts"]

DIGEST = String(64)
"""SHA-256 or HMAC-SHA256 in hexadecimal digits: nobody makes a link or a code from it."""

own_acts = Table(
    "own_acts",
    SCHEMA,
    Column("act_id", String(36), primary_key=True),
    # Nothing where the act was done elsewhere, and none leads here once the customer is erased.
    Column("token_hash", DIGEST, nullable=True, unique=True),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("decision_id", String(36), nullable=False),
    Column("action_id", String(64), nullable=False),
    Column("quote_id", String(36), nullable=False),
    Column("terms_hash", DIGEST, nullable=False),
    Column("call_id", String(64), nullable=False, index=True),
    Column("agent_id", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    # Both by the bank's clock; what runs while somebody reads is measured by the wall's.
    Column("opened_at", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),
    Column("ended_as", String(16), nullable=False),
    Column("ended_at", Moment, nullable=True),
    Column("way", String(16), nullable=False),
    Column("reference", Note, nullable=False),
    Column("outcome_id", String(36), nullable=False),
    # Two tabs, two workers: the second finds it taken.
    Index(
        "one_open_act",
        "decision_id",
        "action_id",
        unique=True,
        sqlite_where=text("ended_as = ''"),
        postgresql_where=text("ended_as = ''"),
    ),
    Index("own_acts_by_age", "recorded_at"),
    Index("own_acts_by_quote", "quote_id"),
    info={PERSONAL: {"token_hash": None, "reference": ""}},
)

one_time_codes = Table(
    "one_time_codes",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("act_id", String(36), nullable=False, index=True),
    Column("customer_id", String(64), nullable=False, index=True),
    # Keyed, for a million codes are soon tried.
    Column("code_hash", DIGEST, nullable=False),
    # Who said that the table of all costs was read aloud.
    Column("read_aloud_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    info={PERSONAL: {"code_hash": ""}},
)

outbox = Table(
    "outbox",
    SCHEMA,
    Column("message_id", String(36), primary_key=True),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("act_id", String(36), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    # The link's token or the code, sealed; gone as soon as it was sent or leads nowhere any more.
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("taken_at", Moment, nullable=True),
    Column("ended_as", String(16), nullable=False),
    Column("ended_at", Moment, nullable=True),
    Index("outbox_waiting", "ended_as", "expires_at"),
    info={PERSONAL: {"wrapped_key": b"", "sealed": b""}},
)
