"""The decision record: written before the answer leaves, read back word for word."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, Table, select

from linewise.core.errors import RecordGone, UnknownDecision
from linewise.core.moments import microseconds
from linewise.ledger.chain import decision_body
from linewise.ledger.customers import CustomerKey
from linewise.ledger.decision_tables import decisions, record_customers, record_events
from linewise.ledger.entries import Call
from linewise.ledger.payload import Packed, opened, packed, sealed
from linewise.ledger.store import Ledger
from linewise.ledger.turns import Turn

__all__ = ["RECORD_CLASSES", "DecisionRecord", "RecordClass", "decisions_of", "read_decision", "write_decisions"]

RecordClass = Literal["full", "batch", "service"]
RECORD_CLASSES: tuple[RecordClass, ...] = get_args(RecordClass)


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision as it was made: what was known (`inputs`) and what was answered (`answer`, in full).

    `record_class` says how long it is kept: `full` for a call, `batch` for a row of whole-base scoring,
    `service` for an answer that holds service only.
    """

    decision_id: str
    customer_id: str
    as_of: datetime
    decided_at: datetime
    channel: str
    release_id: str
    seed: int
    inputs: dict[str, Any]
    answer: dict[str, Any]
    record_class: RecordClass = "full"


@dataclass(frozen=True, slots=True)
class _DecisionEntry:
    """A record on its way to the chain: compressed and digested before the writer's turn comes."""

    record: DecisionRecord
    plain: Packed

    @property
    def table(self) -> Table:
        return decisions

    @property
    def customer_id(self) -> str:
        return self.record.customer_id

    def sealed(self, key: CustomerKey | None) -> tuple[dict[str, Any], str]:
        assert key is not None  # noqa: S101  it named its customer
        one, personal = self.record, sealed(key.payload, self.record.decision_id, self.plain)
        as_of_us, decided_at_us = microseconds(one.as_of), microseconds(one.decided_at)
        row = {
            "decision_id": one.decision_id,
            "customer_ref": key.customer_ref,
            "record_class": one.record_class,
            "as_of": as_of_us,
            "decided_at": decided_at_us,
            "channel": one.channel,
            "release_id": one.release_id,
            "seed": one.seed,
            "commitment": personal.commitment,
            "payload_digest": personal.payload_digest,
            "payload": personal.payload,
        }
        body = decision_body(
            one.decision_id,
            key.customer_ref,
            one.record_class,
            as_of_us,
            decided_at_us,
            one.channel,
            one.release_id,
            one.seed,
            personal.commitment,
            personal.payload_digest,
        )
        return row, body


def personal_part(record: DecisionRecord) -> dict[str, Any]:
    """What is encrypted under the customer's key and committed to."""
    return {"customer_id": record.customer_id, "inputs": record.inputs, "answer": record.answer}


def _entry(record: DecisionRecord) -> _DecisionEntry:
    for name in ("decision_id", "channel", "release_id"):
        value = getattr(record, name)
        if not value.isprintable():
            raise ValueError(f"{name} = {value!r}: printable characters were expected")
    return _DecisionEntry(record, packed(personal_part(record)))


def write_decisions(
    ledger: Ledger,
    records: Sequence[DecisionRecord],
    beside: Callable[[Connection], None] | None = None,
    turn: Turn | None = None,
) -> None:
    """Write records durably, all or none; returns only after the commit.

    `beside` writes what belongs to them (duties, reservations) in the very same transaction. turn: the one of
    `ledger` that the caller has, over before the commit is waited for. Raises RecordFull where the disk is full: then
    nothing was written, and no answer may leave.
    """
    if records:
        entries = [_entry(one) for one in records]
        if turn is not None:
            turn.over()
        ledger.writer.write(Call(entries, None if beside is None else lambda connection, _keys: beside(connection)))


def read_decision(ledger: Ledger, decision_id: str) -> DecisionRecord:
    """The record of one decision.

    Raises UnknownDecision where none was made under that id, and RecordGone where it was erased or is past
    its retention.
    """
    with ledger.engine.connect() as connection:
        row = connection.execute(_readable().where(decisions.c.decision_id == decision_id)).one_or_none()
        if row is None:
            raise UnknownDecision(decision_id)
        if row.payload is None or row.wrapped_secret is None:
            raise RecordGone(decision_id, _why_gone(connection, row))
    return _record(ledger, row)


def decisions_of(ledger: Ledger, customer_id: str) -> list[DecisionRecord]:
    """Every decision on a customer that can still be read, in the order in which they were made."""
    with ledger.engine.connect() as connection:
        found = ledger.writer.customers.find(connection, [customer_id]).get(customer_id)
        if found is None:
            return []
        query = (
            _readable()
            .where(decisions.c.customer_ref == found.customer_ref, decisions.c.payload.is_not(None))
            .order_by(decisions.c.decided_at, decisions.c.segment_id, decisions.c.sequence)
        )
        rows: Iterable[Row[Any]] = connection.execute(query).all()
    return [_record(ledger, row) for row in rows]


def _readable() -> Any:
    return select(decisions, record_customers.c.wrapped_secret).outerjoin(
        record_customers, decisions.c.customer_ref == record_customers.c.customer_ref
    )


def _why_gone(connection: Connection, row: Row[Any]) -> str:
    erasure = select(record_events).where(record_events.c.subject == row.customer_ref, record_events.c.kind == "erase")
    event = connection.execute(erasure).first()
    if event is not None:
        return f"the customer was erased on {event.made_at:%Y-%m-%d} by {event.made_by} ({event.reason})"
    if row.payload is None:
        return f"records of the class {row.record_class!r} are not kept as long"
    return "its customer's key is missing; see what happened with: linewise audit verify"


def _record(ledger: Ledger, row: Row[Any]) -> DecisionRecord:
    keys = ledger.writer.customers.unwrap(row.wrapped_secret)
    personal = opened(keys, row.decision_id, row.payload)
    return DecisionRecord(
        decision_id=row.decision_id,
        customer_id=personal["customer_id"],
        as_of=row.as_of,
        decided_at=row.decided_at,
        channel=row.channel,
        release_id=row.release_id,
        seed=row.seed,
        inputs=personal["inputs"],
        answer=personal["answer"],
        record_class=row.record_class,
    )
