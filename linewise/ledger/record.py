"""The decision record: written before the answer leaves, read back word for word."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import UnknownDecision
from linewise.ledger.decision_tables import decisions
from linewise.ledger.store import Ledger

__all__ = ["DecisionRecord", "read_decision", "write_decisions"]


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision as it was made: what was known (`inputs`) and what was answered (`answer`, in full)."""

    decision_id: str
    customer_id: str
    as_of: datetime
    decided_at: datetime
    channel: str
    release_id: str
    seed: int
    inputs: dict[str, Any]
    answer: dict[str, Any]


def _plain(moment: datetime) -> datetime:
    # SQLite keeps no zone: what is stored is UTC, and reading puts the zone back.
    return as_utc(moment).replace(tzinfo=None)


def write_decisions(ledger: Ledger, records: Sequence[DecisionRecord]) -> None:
    """Write records durably, all or none; returns only after the commit."""
    rows = [
        {
            "decision_id": one.decision_id,
            "customer_id": one.customer_id,
            "as_of": _plain(one.as_of),
            "decided_at": _plain(one.decided_at),
            "channel": one.channel,
            "release_id": one.release_id,
            "seed": one.seed,
            "inputs": json.dumps(one.inputs, ensure_ascii=False, allow_nan=False),
            "answer": json.dumps(one.answer, ensure_ascii=False, allow_nan=False),
        }
        for one in records
    ]
    if rows:
        with ledger.engine.begin() as connection:
            connection.execute(insert(decisions), rows)


def read_decision(ledger: Ledger, decision_id: str) -> DecisionRecord:
    """The record of one decision.

    Raises UnknownDecision where none was made under that id.
    """
    with ledger.engine.connect() as connection:
        row = connection.execute(select(decisions).where(decisions.c.decision_id == decision_id)).one_or_none()
    if row is None:
        raise UnknownDecision(decision_id)
    return DecisionRecord(
        decision_id=row.decision_id,
        customer_id=row.customer_id,
        as_of=as_utc(row.as_of),
        decided_at=as_utc(row.decided_at),
        channel=row.channel,
        release_id=row.release_id,
        seed=row.seed,
        inputs=json.loads(row.inputs),
        answer=json.loads(row.answer),
    )
