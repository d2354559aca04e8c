"""The tables of releases and of who signed what; rows are added and never changed."""

from sqlalchemy import Column, DateTime, Integer, String, Table, Text

from linewise.ledger.notes import Note
from linewise.ledger.schema import SCHEMA

__all__ = ["people", "releases", "signed_acts", "stops", "withdrawn_keys"]

releases = Table(
    "releases",
    SCHEMA,
    Column("release_id", String(64), primary_key=True),
    # What it is made of, in canonical JSON: its hash is what people sign.
    Column("parts", Text, nullable=False),
    Column("first_seen_at", DateTime, nullable=False),
    Column("made_by", String(64), nullable=False),
)

people = Table(
    "people",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("key_id", String(32), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("registrar_key_id", String(32), nullable=False),
    Column("signature", String(128), nullable=False),
)

signed_acts = Table(
    "signed_acts",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("act", String(16), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("subject_sha256", String(64), nullable=False),
    Column("meaning", Text, nullable=False),
    Column("name", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Column("signature", String(128), nullable=False, unique=True),
)

stops = Table(
    "stops",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("act", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(64), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("name", String(64), nullable=False),
    # Empty where somebody stopped by name alone: a stop never waits for a key.
    Column("role", String(32), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Column("signature", String(128), nullable=False),
)

withdrawn_keys = Table(
    "withdrawn_keys",
    SCHEMA,
    Column("key_id", String(32), primary_key=True),
    Column("reason", Note, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", String(32), nullable=False),
)
