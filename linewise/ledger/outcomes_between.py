"""What was told of offers in a time, of all customers, read in pieces: for whoever counts a campaign's responses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from linewise.core.clock import as_utc
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["ToldOutcome", "outcomes_between"]

PIECE = 20_000
COLUMNS = ("customer_id", "offer_id", "outcome", "reason_code", "channel", "decision_id", "occurred_at")


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """One event as the record has it; occurred_at in UTC."""

    customer_id: str
    offer_id: str
    outcome: str
    reason_code: str
    channel: str
    decision_id: str
    occurred_at: datetime


def outcomes_between(ledger: Ledger, first: datetime, last: datetime) -> Iterator[Sequence[ToldOutcome]]:
    """The events from `first` up to, and without, `last`, in pieces and in the order of their arrival."""
    ends = [as_utc(one).replace(tzinfo=None) for one in (first, last)]
    query = (
        select(*(outcomes.c[name] for name in COLUMNS))
        .where(outcomes.c.occurred_at >= ends[0], outcomes.c.occurred_at < ends[1])
        .order_by(outcomes.c.sequence)
    )
    with ledger.engine.connect() as connection:
        for rows in connection.execution_options(yield_per=PIECE).execute(query).partitions(PIECE):
            yield [ToldOutcome(**{**row._mapping, "occurred_at": as_utc(row.occurred_at)}) for row in rows]
