"""The tables of who may, who looked and how they like it: sessions, keys for machines, tries to sign in, looks."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from linewise.ledger.moments import Moment
from linewise.ledger.notes import Note
from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = [
    "api_keys", "kept_forms", "let_in", "looks", "preferences", "revoked_api_keys", "sessions", "sign_in_tries",
]  # fmt: skip

DIGEST = String(64)
"""SHA-256 or HMAC-SHA256 in hexadecimal digits: from what stands here nobody makes a token, a name or a customer."""

sessions = Table(
    "sessions",
    SCHEMA,
    Column("session_hash", DIGEST, primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
)

api_keys = Table(
    "api_keys",
    SCHEMA,
    Column("key_id", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("secret_hash", DIGEST, nullable=False),
    # Words with spaces between them.
    Column("scopes", Text, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("is_demo", Boolean, nullable=False),
)

revoked_api_keys = Table(
    "revoked_api_keys",
    SCHEMA,
    Column("key_id", String(16), primary_key=True),
    Column("reason", Note, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

sign_in_tries = Table(
    "sign_in_tries",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    # Keyed, for who mistakes the fields types a password here.
    Column("name_token", DIGEST, nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("sign_in_tries_by_name", "name_token", "at"),
    Index("sign_in_tries_by_address", "address", "at"),
)

looks = Table(
    "looks",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("who", String(64), nullable=False),
    Column("roles", String(255), nullable=False),
    Column("customer_token", DIGEST, nullable=False),
    # Empty where what was opened is no decision yet.
    Column("decision_id", String(36), nullable=False),
    Column("why", String(16), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("reason", Note, nullable=False),
    Column("second_person", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("looks_by_customer", "customer_token", "at"),
    Index("looks_by_who", "who", "at"),
)

let_in = Table(
    "let_in",
    SCHEMA,
    Column("ask_id", String(36), primary_key=True),
    Column("asked_by", String(64), nullable=False),
    # Whoever lets somebody in must be told whom it is about; erased with the customer.
    Column("customer_id", String(64), nullable=False),
    Column("reason", Note, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answered_by", String(64), nullable=True),
    Column("answered_at", Moment, nullable=True),
    Column("is_let_in", Boolean, nullable=True),
    Index("let_in_by_who", "asked_by", "customer_id"),
    info={PERSONAL: {"reason": ""}},
)

kept_forms = Table(
    "kept_forms",
    SCHEMA,
    Column("name", String(64), primary_key=True),
    # Which form: its address and what it is about.
    Column("form", String(255), primary_key=True),
    Column("kept_at", Moment, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

preferences = Table(
    "preferences",
    SCHEMA,
    Column("name", String(64), primary_key=True),
    # JSON: how this person wants the screen.
    Column("content", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
