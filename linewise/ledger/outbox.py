"""Messages to customers that the bank's own gateway sends: sealed until it takes them, gone once they were sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from linewise.core.errors import NotFound
from linewise.ledger.keys import KeyStore
from linewise.ledger.own_act_tables import outbox
from linewise.ledger.own_acts import OwnAct
from linewise.ledger.sealing import opened, sealed
from linewise.ledger.store import Ledger

__all__ = [
    "TAKEN_FOR",
    "Message",
    "MessageKind",
    "drop_messages",
    "end_message",
    "endings_of",
    "put_message",
    "secret_of",
    "take",
]

TAKEN_FOR = timedelta(minutes=2)
"""So long a message is left to the gateway that took it; then another one may send it."""

MOST_TAKEN = 100

MessageKind = Literal["link", "code"]
GONE = {"wrapped_key": b"", "sealed": b""}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send; secret: the token of the link, or the code. expires_at: by the wall clock."""

    message_id: str
    customer_id: str
    act_id: str
    kind: str
    language: str
    secret: str
    expires_at: datetime


def put_message(
    connection: Connection,
    keys: KeyStore,
    act: OwnAct,
    kind: MessageKind,
    secret: str,
    made_at: datetime,
    life: timedelta,
) -> str:
    """Put a message out for sending, inside a transaction; one of its kind that still waits is not sent any more."""
    drop_messages(connection, act.act_id, made_at, kind)
    message_id = str(uuid4())
    wrapped_key, content = sealed(keys, secret.encode(), message_id.encode())
    values = {
        "message_id": message_id,
        "customer_id": act.customer_id,
        "act_id": act.act_id,
        "kind": kind,
        "language": act.language,
        "wrapped_key": wrapped_key,
        "sealed": content,
        "made_at": made_at,
        "expires_at": made_at + life,
        "taken_at": None,
        "ended_as": "",
        "ended_at": None,
    }
    connection.execute(insert(outbox).values(values))
    return message_id


def drop_messages(connection: Connection, act_id: str, at: datetime, kind: MessageKind | None = None) -> None:
    """Forget what was to be sent of an act that is over, or of one kind of message that a newer one replaces."""
    waiting = update(outbox).where(outbox.c.act_id == act_id, outbox.c.ended_as == "")
    of_kind = waiting if kind is None else waiting.where(outbox.c.kind == kind)
    connection.execute(of_kind.values(GONE | {"ended_as": "dropped", "ended_at": at}))


def take(ledger: Ledger, wall: datetime, most: int = MOST_TAKEN) -> list[Message]:
    """The messages that wait, the oldest first, left to whoever asks for TAKEN_FOR; what expired is forgotten."""
    with ledger.writing() as connection:
        late = update(outbox).where(outbox.c.ended_as == "", outbox.c.expires_at <= wall)
        connection.execute(late.values(GONE | {"ended_as": "expired", "ended_at": wall}))
        query = (
            select(outbox)
            .where(outbox.c.ended_as == "", outbox.c.sealed != b"")
            .where(outbox.c.taken_at.is_(None) | (outbox.c.taken_at <= wall - TAKEN_FOR))
            .order_by(outbox.c.made_at, outbox.c.message_id)
            .limit(min(most, MOST_TAKEN))
        )
        rows = connection.execute(query).all()
        taken = update(outbox).where(outbox.c.message_id.in_([row.message_id for row in rows]))
        connection.execute(taken.values(taken_at=wall))
    return [_message(ledger.keys, row) for row in rows]


def end_message(ledger: Ledger, message_id: str, how: Literal["sent", "failed"], wall: datetime) -> bool:
    """Write down what became of a message and forget what it said; False where that was told before.

    One that failed is not sent again: the agent sees it, and the customer may read a code back. Raises NotFound.
    """
    with ledger.writing() as connection:
        if connection.execute(select(outbox.c.act_id).where(outbox.c.message_id == message_id)).first() is None:
            raise NotFound(f"There is no message {message_id!r}.", "One that was taken was expected.")
        waiting = update(outbox).where(outbox.c.message_id == message_id, outbox.c.ended_as == "")
        return bool(connection.execute(waiting.values(GONE | {"ended_as": how, "ended_at": wall})).rowcount)


def secret_of(ledger: Ledger, act_id: str, kind: MessageKind, wall: datetime) -> str:
    """What the latest message of the kind says, for a demo in which nobody sends it; empty once it is gone."""
    query = (
        select(outbox)
        .where(outbox.c.act_id == act_id, outbox.c.kind == kind, outbox.c.ended_as == "", outbox.c.expires_at > wall)
        .order_by(outbox.c.made_at.desc())
    )
    with ledger.engine.connect() as connection:
        row = connection.execute(query).first()
    return "" if row is None or not row.sealed else _message(ledger.keys, row).secret


def endings_of(connection: Connection, act_ids: Sequence[str]) -> dict[str, str]:
    """What became of the message with the link of each of these acts; empty while it waits."""
    links = (outbox.c.act_id.in_(act_ids), outbox.c.kind == "link")
    query = select(outbox.c.act_id, outbox.c.ended_as).where(*links).order_by(outbox.c.made_at)
    return {row.act_id: row.ended_as for row in connection.execute(query)}


def _message(keys: KeyStore, row: Row[Any]) -> Message:
    secret = opened(keys, row.wrapped_key, row.sealed, row.message_id.encode()).decode()
    return Message(row.message_id, row.customer_id, row.act_id, row.kind, row.language, secret, row.expires_at)
