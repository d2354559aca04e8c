"""Where a decision stands in the chain: what a case file carries so that it can be compared with the record."""

from typing import Any

from sqlalchemy import Connection, select

from linewise.core.errors import UnknownDecision
from linewise.ledger.decision_tables import decisions
from linewise.ledger.store import Ledger

__all__ = ["is_decision", "place_of"]


def place_of(ledger: Ledger, decision_id: str) -> dict[str, Any]:
    """Segment, sequence, link, commitment and the payload's digest; raises UnknownDecision."""
    columns = [decisions.c[name] for name in ("segment_id", "sequence", "link", "commitment", "payload_digest")]
    with ledger.engine.connect() as connection:
        row = connection.execute(select(*columns).where(decisions.c.decision_id == decision_id)).one_or_none()
    if row is None:
        raise UnknownDecision(decision_id)
    return dict(row._mapping)


def is_decision(connection: Connection, decision_id: str) -> bool:
    """Whether a decision of that id stands in the record, whatever became of what it held of its customer."""
    query = select(decisions.c.decision_id).where(decisions.c.decision_id == decision_id)
    return connection.execute(query).first() is not None
