"""The tables of budgets: what was asked for, what is in force, how much is spoken for, what showing offers spent."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Integer, String, Table, Text, UniqueConstraint

from linewise.ledger.moments import Moment
from linewise.ledger.schema import SCHEMA

__all__ = ["budget_proposals", "budgets", "pots", "shown_uses"]

budget_proposals = Table(
    "budget_proposals",
    SCHEMA,
    Column("proposal_id", String(64), primary_key=True),
    Column("budget_id", String(48), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("covers", String(48), nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    # Minor units of the bank's currency, or contacts.
    Column("amount_amt", BigInteger, nullable=False),
    # Ten-thousandths of the amount, so that what people sign is whole.
    Column("request_share_bp", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("budget_id", "number", name="one_number_a_proposal"),
)

budgets = Table(
    "budgets",
    SCHEMA,
    Column("budget_id", String(48), primary_key=True),
    # The proposal whose amount is in force.
    Column("proposal_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("covers", String(48), nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

pots = Table(
    "budget_pots",
    SCHEMA,
    Column("budget_id", String(48), primary_key=True),
    Column("pot", String(16), primary_key=True),
    Column("amount_amt", BigInteger, nullable=False),
    Column("reserved_amt", BigInteger, nullable=False),
    Column("consumed_amt", BigInteger, nullable=False),
    # What was reserved once and given back: with the two before it all that was ever reserved.
    Column("released_amt", BigInteger, nullable=False),
    # The hard stop holds in the database too, whoever writes to it.
    CheckConstraint("reserved_amt >= 0 AND consumed_amt >= 0 AND released_amt >= 0", name="nothing_below_zero"),
    CheckConstraint("reserved_amt + consumed_amt <= amount_amt", name="never_above_the_amount"),
)

shown_uses = Table(
    "shown_uses",
    SCHEMA,
    # An offer shown to a customer again on the same day is the same contact.
    Column("customer_id", String(64), primary_key=True),
    Column("action_id", String(64), primary_key=True),
    Column("shown_on", Date, primary_key=True),
    Column("budget_id", String(48), primary_key=True),
    Column("decision_id", String(36), nullable=False, index=True),
    Column("used_amt", BigInteger, nullable=False),
)
