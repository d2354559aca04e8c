"""The table of what customers asked for, with the act by which they asked."""

from sqlalchemy import BigInteger, Column, DateTime, String, Table

from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["asked"]

asked = Table(
    "asked",
    SCHEMA,
    Column("decision_id", String(36), primary_key=True),
    Column("customer_id", String(64), nullable=False, index=True),
    Column("what", String(16), nullable=False),
    Column("action_id", String(64), nullable=False),
    # Minor units of the bank's currency; empty where no amount was named.
    Column("amount_amt", BigInteger, nullable=True),
    Column("act", String(16), nullable=False),
    # Where the act itself is kept: the call or its recording, the session of the app, the signed form.
    Column("reference", String(128), nullable=False),
    Column("asked_at", DateTime, nullable=False),
    info={PERSONAL: {"reference": ""}},
)
