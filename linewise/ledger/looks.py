"""Every look at a customer: who, as what, at whom, why and when; never what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from linewise.ledger.access_tables import looks
from linewise.ledger.decision_tables import record_customers
from linewise.ledger.keys import KeyStore
from linewise.ledger.prepared import Spelled
from linewise.ledger.store import Ledger

__all__ = ["Look", "Why", "forget_in_looks", "has_looked", "insert_look", "looks_at", "purge_looks", "write_look"]

Why = Literal["live_call", "continued", "reason", "machine", "own_act"]


@dataclass(frozen=True, slots=True)
class Look:
    """One look.

    why: the customer of a live call, within half an hour of such a look, for a reason, a machine's, or the customer's
    own by a link that was sent to them. customer_token: the keyed name of the customer, from which nobody without the
    keys finds the customer.
    second_person: who let them in, where it takes two.
    """

    who: str
    roles: str
    customer_token: str
    why: Why
    at: datetime
    decision_id: str = ""
    call_id: str = ""
    reason: str = ""
    second_person: str = ""

    def of_decision(self, decision_id: str) -> "Look":
        """The same look once the decision that is looked at has an id."""
        return replace(self, decision_id=decision_id)


_INSERT = Spelled(insert(looks), Look.__slots__)
"""Spelled once: a decision waits for it."""


def insert_look(connection: Connection, look: Look) -> None:
    """Inside a transaction: beside what it is a look at."""
    _INSERT.run(connection, {name: getattr(look, name) for name in Look.__slots__})


def write_look(ledger: Ledger, look: Look) -> None:
    """In a transaction of its own; returns after the commit, so that nothing is seen that is not written down."""
    with ledger.writing() as connection:
        insert_look(connection, look)


def has_looked(ledger: Ledger, who: str, customer_token: str, since: datetime) -> bool:
    """Whether that person was let in to that customer since then, by a call or a reason."""
    query = select(looks.c.sequence).where(
        looks.c.customer_token == customer_token,
        looks.c.who == who,
        looks.c.at > since,
        looks.c.why.in_(("live_call", "reason")),
    )
    with ledger.engine.connect() as connection:
        return connection.execute(query.limit(1)).first() is not None


def looks_at(
    ledger: Ledger,
    *,
    customer_id: str = "",
    who: str = "",
    is_off_call: bool = False,
    days: int = 0,
    most: int = 200,
    now: datetime | None = None,
) -> Sequence[dict[str, Any]]:
    """The latest looks, the last one first: at one customer, by one person, those of no call alone, of some days."""
    query = select(looks).order_by(looks.c.sequence.desc()).limit(most)
    if customer_id:
        query = query.where(looks.c.customer_token == ledger.keys.lookup(customer_id))
    if who:
        query = query.where(looks.c.who == who)
    if is_off_call:
        query = query.where((looks.c.why == "reason") | (looks.c.second_person != ""))
    if days and now is not None:
        query = query.where(looks.c.at > now - timedelta(days=days))
    with ledger.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def purge_looks(connection: Connection, before: datetime, held_refs: Sequence[str]) -> int:
    """Delete looks before that moment, but none at a customer under a legal hold; gives how many."""
    held = select(record_customers.c.lookup).where(record_customers.c.customer_ref.in_(held_refs))
    past = (looks.c.at < before, looks.c.customer_token.not_in(held))
    return connection.execute(delete(looks).where(*past)).rowcount


def forget_in_looks(connection: Connection, keys: KeyStore, customer_id: str, customer_ref: str) -> int:
    """Let the reference that nothing leads to stand for an erased customer; that somebody looked stays."""
    token = keys.lookup(customer_id)
    blank = {"customer_token": customer_ref, "reason": ""}
    return connection.execute(update(looks).where(looks.c.customer_token == token).values(blank)).rowcount
