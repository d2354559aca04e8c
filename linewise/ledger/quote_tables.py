"""The tables of quotes: what was promised to whom until when, out of which budgets, and in which decisions."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text, text

from linewise.ledger.moments import Moment
from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["STANDING", "quote_uses", "quoted_in", "quotes"]

STANDING = "standing"

quotes = Table(
    "quotes",
    SCHEMA,
    Column("quote_id", String(36), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    # The decision that made it; others that found it standing are in quoted_in.
    Column("decision_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    # What there is one of at a time: the limit, a plan over an amount and a term, an offer.
    Column("slot", String(96), nullable=False),
    Column("action_id", String(64), nullable=False),
    Column("amount_amt", BigInteger, nullable=False),
    Column("terms", Text, nullable=False),
    Column("pot", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("status", String(16), nullable=False),
    Column("ended_at", Moment, nullable=True),
    Column("because", Text, nullable=False),
    Index("quotes_by_decision", "decision_id"),
    Index("quotes_by_date", "status", "valid_until"),
    # By the date alone a database looks through every quote that stands to find those of one customer.
    Index("quotes_by_customer", "customer_id", "status", "valid_until"),
    # Two agents who quote at once: the second finds the place taken, in whatever process it is.
    Index(
        "one_standing_quote",
        "customer_id",
        "slot",
        unique=True,
        sqlite_where=text(f"status = '{STANDING}'"),
        postgresql_where=text(f"status = '{STANDING}'"),
    ),
    info={PERSONAL: {"terms": "{}"}},
)

quoted_in = Table(
    "quoted_in",
    SCHEMA,
    Column("decision_id", String(36), primary_key=True),
    Column("quote_id", String(36), primary_key=True, index=True),
)

quote_uses = Table(
    "quote_uses",
    SCHEMA,
    Column("quote_id", String(36), primary_key=True),
    Column("budget_id", String(48), primary_key=True),
    Column("used_amt", BigInteger, nullable=False),
)
