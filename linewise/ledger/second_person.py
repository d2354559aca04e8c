"""Records that two people open: one asks and says why, another one lets them in for an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, insert, select, update

from linewise.core.errors import Conflict, NotAllowed, NotFound
from linewise.ledger.access_tables import let_in
from linewise.ledger.store import Ledger

__all__ = ["answer_ask", "ask_to_be_let_in", "open_asks", "who_let_in"]

LET_IN_FOR = timedelta(hours=1)
ASKED_FOR = timedelta(hours=1)
"""Who was not let in for so long asks anew."""


def who_let_in(ledger: Ledger, asked_by: str, customer_id: str, now: datetime) -> str:
    """The name of who let that person in to that customer within the last hour, or an empty one."""
    query = select(let_in.c.answered_by).where(
        _of(asked_by, customer_id), let_in.c.is_let_in.is_(True), let_in.c.answered_at > now - LET_IN_FOR
    )
    with ledger.engine.connect() as connection:
        return str(connection.execute(query.limit(1)).scalar() or "")


def ask_to_be_let_in(ledger: Ledger, asked_by: str, customer_id: str, reason: str, now: datetime) -> str:
    """Ask; gives the id of the ask, the one that is still open where there is one."""
    with ledger.writing() as connection:
        still = select(let_in.c.ask_id).where(
            _of(asked_by, customer_id), let_in.c.answered_at.is_(None), let_in.c.asked_at > now - ASKED_FOR
        )
        open_one = connection.execute(still.limit(1)).scalar()
        if open_one is not None:
            return str(open_one)
        ask_id = str(uuid4())
        row = {"ask_id": ask_id, "asked_by": asked_by, "customer_id": customer_id, "reason": reason, "asked_at": now}
        connection.execute(insert(let_in).values(**row))
    return ask_id


def open_asks(ledger: Ledger, now: datetime) -> Sequence[dict[str, Any]]:
    """Who asks to be let in and was not answered yet, the first to ask first."""
    query = select(let_in).where(let_in.c.answered_at.is_(None), let_in.c.asked_at > now - ASKED_FOR)
    with ledger.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(query.order_by(let_in.c.asked_at))]


def answer_ask(ledger: Ledger, ask_id: str, by: str, now: datetime, *, is_let_in: bool) -> None:
    """Let in who asked, or not. Raises NotFound, Conflict where it was answered, NotAllowed for one's own ask."""
    with ledger.writing() as connection:
        row = connection.execute(select(let_in).where(let_in.c.ask_id == ask_id)).one_or_none()
        if row is None:
            raise NotFound(f"Nobody asked under {ask_id!r}.")
        if row.answered_at is not None:
            raise Conflict(f"{row.answered_by} has answered this.")
        if row.asked_by.casefold() == by.casefold():
            raise NotAllowed("You asked this yourself.", "Another person was expected to answer.")
        values = {"answered_by": by, "answered_at": now, "is_let_in": is_let_in}
        connection.execute(update(let_in).where(let_in.c.ask_id == ask_id).values(**values))


def _of(asked_by: str, customer_id: str) -> ColumnElement[bool]:
    return (let_in.c.asked_by == asked_by) & (let_in.c.customer_id == customer_id)
