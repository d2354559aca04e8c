"""What is kept of calls and of customers' own acts, and how long: as long as the decisions behind them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.customers import Customers
from linewise.ledger.holds import held_refs
from linewise.ledger.own_act_tables import one_time_codes, outbox, own_acts

__all__ = ["purge_calls", "purge_own_acts"]

CHUNK = 500  # SQLite bounds the number of values in one statement


def purge_calls(connection: Connection, customers: Customers, before: datetime) -> int:
    """Delete the calls that began before, with what was said in them; gives how many.

    Inside a transaction that holds the right to write. A customer under a legal hold loses nothing.
    """
    past = _past(connection, customers, select(calls.c.call_id, calls.c.customer_id).where(calls.c.rang_at < before))
    for chunk in _chunks(past):
        connection.execute(delete(call_events).where(call_events.c.call_id.in_(chunk)))
        connection.execute(delete(calls).where(calls.c.call_id.in_(chunk)))
    return len(past)


def purge_own_acts(connection: Connection, customers: Customers, before: datetime) -> int:
    """Delete the acts that were opened before, with their codes and messages; gives how many. As `purge_calls`."""
    opened = select(own_acts.c.act_id, own_acts.c.customer_id).where(own_acts.c.opened_at < before)
    past = _past(connection, customers, opened)
    for chunk in _chunks(past):
        for table in (one_time_codes, outbox, own_acts):
            connection.execute(delete(table).where(table.c.act_id.in_(chunk)))
    return len(past)


def _past(connection: Connection, customers: Customers, query: Any) -> list[str]:
    """Of ids with their customers those that no legal hold keeps."""
    rows = connection.execute(query).all()
    keys = customers.find(connection, {row.customer_id for row in rows})
    held = frozenset(held_refs(connection))
    return [row[0] for row in rows if row.customer_id not in keys or keys[row.customer_id].customer_ref not in held]


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
