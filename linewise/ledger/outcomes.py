"""What customers answered: idempotent by key, and known to the very next decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["Decline", "Outcome", "declines_of", "outcomes_of", "write_outcome"]

LOOKUP_CHUNK = 500  # SQLite bounds the number of values in one statement


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer to one offer of one decision, in one call, by one agent."""

    decision_id: str
    customer_id: str
    offer_id: str
    offer_group: str
    call_id: str
    agent_id: str
    outcome: str
    reason_code: str
    note: str
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Decline:
    """The latest refusal of an offer by a customer."""

    customer_id: str
    offer_id: str
    offer_group: str
    reason_code: str
    declined_at: datetime


def _values(outcome: Outcome) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(outcome, name) for name in Outcome.__slots__}
    for name in ("occurred_at", "recorded_at"):
        values[name] = as_utc(getattr(outcome, name)).replace(tzinfo=None)
    return values


def write_outcome(ledger: Ledger, outcome: Outcome) -> tuple[str, bool]:
    """Write an outcome durably; gives its id and whether it is new.

    The key is decision, offer, call, agent and outcome: sent again it changes nothing and gives the first
    id. Raises Conflict where the same key comes with another reason.
    """
    outcome_id = str(uuid4())
    try:
        with ledger.engine.begin() as connection:
            connection.execute(insert(outcomes).values(outcome_id=outcome_id, **_values(outcome)))
    except IntegrityError:
        return _already_there(ledger, outcome), False
    return outcome_id, True


def _already_there(ledger: Ledger, outcome: Outcome) -> str:
    key = ("decision_id", "offer_id", "call_id", "agent_id", "outcome")
    same = [outcomes.c[name] == getattr(outcome, name) for name in key]
    with ledger.engine.connect() as connection:
        row = connection.execute(select(outcomes).where(*same)).one()
    if row.reason_code != outcome.reason_code:
        raise Conflict(
            f"This answer was already recorded with the reason {row.reason_code or 'none'!r}.",
            "The same answer sent again must say the same.",
            "Send what corrects it as a new outcome.",
        )
    return str(row.outcome_id)


def outcomes_of(ledger: Ledger, decision_id: str) -> Sequence[dict[str, object]]:
    """The outcomes recorded for a decision, in the order of their arrival."""
    query = select(outcomes).where(outcomes.c.decision_id == decision_id).order_by(outcomes.c.sequence)
    with ledger.engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return [{name: value for name, value in row.items() if name != "sequence"} for row in rows]


def _decline(row: Row[Any]) -> Decline:
    declined_at = as_utc(row.occurred_at)
    return Decline(row.customer_id, row.offer_id, row.offer_group, row.reason_code, declined_at)


def declines_of(ledger: Ledger, customer_ids: Iterable[str], until: datetime) -> list[Decline]:
    """Every refusal of these customers up to that moment, in any channel.

    Of several answers to one offer of one decision the last one counts, so that a slip can be corrected.
    """
    wanted = list(customer_ids)
    latest = as_utc(until).replace(tzinfo=None)
    last: dict[tuple[str, str], Row[Any]] = {}
    with ledger.engine.connect() as connection:
        for start in range(0, len(wanted), LOOKUP_CHUNK):
            query = (
                select(outcomes)
                .where(
                    outcomes.c.customer_id.in_(wanted[start : start + LOOKUP_CHUNK]), outcomes.c.occurred_at <= latest
                )
                .order_by(outcomes.c.sequence)
            )
            last |= {(row.decision_id, row.offer_id): row for row in connection.execute(query)}
    return [_decline(row) for row in last.values() if row.outcome == "declined"]
