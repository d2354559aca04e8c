"""Contacts that campaigns have sent, of all of them in a time, read in pieces: for whoever counts who was reached."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from linewise.core.clock import as_utc
from linewise.ledger.campaign_batches import batches_of
from linewise.ledger.campaign_contact_tables import campaign_batches, campaign_contacts
from linewise.ledger.campaign_contacts import Claim
from linewise.ledger.store import Ledger

__all__ = ["claims_sent", "is_exported"]

PIECE = 20_000
LEFT = ("exported", "superseded")
"""A batch whose files went out: of one that another took the place of, what was not withdrawn may have been sent."""


def is_exported(ledger: Ledger, campaign_id: str) -> bool:
    """Whether an export of the campaign has ever been finished."""
    return any(one.status in LEFT for one in batches_of(ledger, campaign_id))


def claims_sent(ledger: Ledger, first: datetime, last: datetime) -> Iterator[Sequence[Claim]]:
    """The contacts of all campaigns that were to be sent from `first` up to, and without, `last`, and still stand."""
    table = campaign_contacts.c
    query = (
        select(*(table[name] for name in Claim.__slots__))
        .join(campaign_batches, campaign_batches.c.batch_id == table.batch_id)
        .where(
            table.not_before >= as_utc(first),
            table.not_before < as_utc(last),
            table.withdrawn_at.is_(None),
            campaign_batches.c.status.in_(LEFT),
        )
        .order_by(table.decision_id)
    )
    with ledger.engine.connect() as connection:
        for rows in connection.execution_options(yield_per=PIECE).execute(query).partitions(PIECE):
            yield [Claim(*row) for row in rows]
