"""What is kept of calls, and how long: as long as the decisions that were made in them."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.customers import Customers
from linewise.ledger.holds import held_refs

__all__ = ["purge_calls"]

CHUNK = 500  # SQLite bounds the number of values in one statement


def purge_calls(connection: Connection, customers: Customers, before: datetime) -> int:
    """Delete the calls that began before, with what was said in them; gives how many.

    Inside a transaction that holds the right to write. A customer under a legal hold loses nothing.
    """
    rows = connection.execute(select(calls.c.call_id, calls.c.customer_id).where(calls.c.rang_at < before)).all()
    keys = customers.find(connection, {row.customer_id for row in rows})
    held = frozenset(held_refs(connection))
    past = [
        row.call_id for row in rows if row.customer_id not in keys or keys[row.customer_id].customer_ref not in held
    ]
    for start in range(0, len(past), CHUNK):
        chunk = past[start : start + CHUNK]
        connection.execute(delete(call_events).where(call_events.c.call_id.in_(chunk)))
        connection.execute(delete(calls).where(calls.c.call_id.in_(chunk)))
    return len(past)
