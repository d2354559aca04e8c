"""How long each queue is, by the last word of telephony; too old a word is none."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from linewise.ledger.queue_tables import queues
from linewise.ledger.store import Ledger

__all__ = ["LOAD_STANDS", "MeasuredQueue", "note_queue", "queue_as_measured"]

LOAD_STANDS = timedelta(minutes=2)
"""How long what was measured of a queue counts."""


@dataclass(frozen=True, slots=True)
class MeasuredQueue:
    """Who waits in a queue, how many agents take its calls, how long a call takes, how many come an hour.

    arrivals_per_hour: None where nobody counts them. recorded_at: by our wall clock.
    """

    queue: str
    waiting_count: int
    agent_count: int
    handling_seconds: float
    arrivals_per_hour: float | None
    recorded_at: datetime


def note_queue(connection: Connection, measured: MeasuredQueue) -> None:
    """Put it in the place of what was measured before, inside a transaction that holds the right to write."""
    connection.execute(delete(queues).where(queues.c.queue == measured.queue))
    connection.execute(insert(queues).values(**asdict(measured)))


def queue_as_measured(ledger: Ledger, queue: str, now: datetime) -> MeasuredQueue | None:
    """The queue as it was measured within LOAD_STANDS before now; None where it was not."""
    with ledger.engine.connect() as connection:
        row = connection.execute(select(queues).where(queues.c.queue == queue)).one_or_none()
    found = None if row is None else MeasuredQueue(**row._mapping)
    return found if found is not None and now - found.recorded_at <= LOAD_STANDS else None
