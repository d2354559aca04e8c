"""Legal hold: while it stands, nothing of a customer is erased and nothing runs out of its retention."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from linewise.core.errors import Conflict
from linewise.ledger.acts import Act, ActKind, events_on
from linewise.ledger.decision_tables import record_events
from linewise.ledger.entries import Call
from linewise.ledger.said import enforce_said
from linewise.ledger.store import Ledger

__all__ = ["enforce_not_held", "held_refs", "hold_of", "legal_hold", "release_hold"]


def legal_hold(ledger: Ledger, customer_id: str, reason: str, by: str, at: datetime) -> None:
    """Hold all records of a customer, those to come included.

    Raises Conflict where they are held already.
    """
    _change(ledger, Act("hold", by, at, reason, customer_id), "is under a legal hold already")


def release_hold(ledger: Ledger, customer_id: str, reason: str, by: str, at: datetime) -> None:
    """End the hold. Raises Conflict where there is none."""
    _change(ledger, Act("release", by, at, reason, customer_id), "is under no legal hold")


def _change(ledger: Ledger, act: Act, refusal: str) -> None:
    enforce_said(by=act.made_by, reason=act.reason)
    if act.kind == _standing(ledger, str(act.customer_id)):
        raise Conflict(f"The customer {act.customer_id!r} {refusal}.")
    ledger.writer.write(Call([act]))


def _standing(ledger: Ledger, customer_id: str) -> ActKind:
    return "release" if hold_of(ledger, customer_id) is None else "hold"


def hold_of(ledger: Ledger, customer_id: str) -> Row[Any] | None:
    """The hold that a customer is under: made_by, made_at, reason; None where there is none."""
    with ledger.engine.connect() as connection:
        found = ledger.writer.customers.find(connection, [customer_id]).get(customer_id)
        return None if found is None else _hold_on(connection, found.customer_ref)


def _hold_on(connection: Connection, customer_ref: str) -> Row[Any] | None:
    acts = [event for event in events_on(connection, customer_ref) if event.kind in ("hold", "release")]
    return acts[-1] if acts and acts[-1].kind == "hold" else None


def enforce_not_held(connection: Connection, customer_ref: str) -> None:
    """Raise Conflict where the customer of that reference is under a legal hold."""
    hold = _hold_on(connection, customer_ref)
    if hold is not None:
        raise Conflict(
            f"The customer is under a legal hold since {hold.made_at:%Y-%m-%d} by {hold.made_by}: {hold.reason}.",
            "Records under a hold are kept whole.",
            "Release it first: linewise audit hold CUSTOMER --release --reason WHY --by WHO",
        )


def held_refs(connection: Connection) -> list[str]:
    """The references of all customers under a hold."""
    subjects = connection.execute(select(record_events.c.subject).where(record_events.c.kind == "hold").distinct())
    return [subject for subject in subjects.scalars() if _hold_on(connection, subject) is not None]
