"""The table of what campaigns have reserved: out of which budgets of money, how much."""

from sqlalchemy import BigInteger, Column, String, Table

from linewise.ledger.moments import Moment
from linewise.ledger.schema import SCHEMA

__all__ = ["campaign_funding"]

campaign_funding = Table(
    "campaign_funding",
    SCHEMA,
    Column("campaign_id", String(40), primary_key=True),
    Column("budget_id", String(48), primary_key=True),
    # Minor units, of the part for what the bank proposes.
    Column("reserved_amt", BigInteger, nullable=False),
    Column("reserved_at", Moment, nullable=False),
)
