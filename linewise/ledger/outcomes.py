"""What became of suggestions: idempotent by key, and known to the very next decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, UsageError
from linewise.ledger.events import ANSWERS, enforce_event
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["Outcome", "insert_outcome", "outcomes_of", "outcomes_within"]

ACTION = ("decision_id", "offer_id")
KEY = (*ACTION, "call_id", "agent_id", "outcome")
NOT_TOLD = {"sequence", "repeat_number"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One event of one action of one decision, in one call, by one agent.

    `outcome` is one of EVENTS; `channel` where it happened; `not_before` the day that a customer who
    postpones named, in the customer's own zone.
    """

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
    channel: str = "voice"
    not_before: date | None = None


def _values(outcome: Outcome) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(outcome, name) for name in Outcome.__slots__}
    for name in ("occurred_at", "recorded_at"):
        values[name] = as_utc(getattr(outcome, name)).replace(tzinfo=None)
    return values


def _enforce_consistent(outcome: Outcome) -> None:
    enforce_event(outcome.outcome, outcome.reason_code)
    if as_utc(outcome.occurred_at) > as_utc(outcome.recorded_at):
        raise UsageError(
            f"The outcome would have happened at {outcome.occurred_at.isoformat()}, after it was recorded.",
            f"A moment up to {outcome.recorded_at.isoformat()} was expected.",
        )
    if outcome.not_before is not None and outcome.outcome != "postponed":
        raise UsageError(f"A day to come back was given with {outcome.outcome!r}.", "It belongs to 'postponed' alone.")
    if outcome.not_before is not None and outcome.not_before < as_utc(outcome.occurred_at).date():
        raise UsageError(
            f"The day to come back, {outcome.not_before}, lies before the answer itself.",
            "A later day was expected.",
        )


def insert_outcome(connection: Connection, outcome: Outcome) -> tuple[str, bool]:
    """Write an outcome inside a transaction that holds the right to write; gives its id and whether it is new.

    The key is decision, offer, call, agent and outcome: sent again it changes nothing and gives the id that
    it has. An answer that is given again once another one stands is a new one; a copy that only comes late
    tells itself apart by an `occurred_at` before that of the one that stands. Raises UsageError for an
    unknown event or a reason that is not its own, and Conflict where what is sent again comes with another
    reason or day.
    """
    _enforce_consistent(outcome)
    before = _rows(connection, {name: getattr(outcome, name) for name in ACTION})
    same = [row for row in before if all(getattr(row, name) == getattr(outcome, name) for name in KEY)]
    if same and not _is_new_again(before, outcome):
        return _enforce_same(same[-1], outcome), False
    outcome_id = str(uuid4())
    told = {"outcome_id": outcome_id, "repeat_number": len(same)}
    connection.execute(insert(outcomes).values(told | _values(outcome)))
    return outcome_id, True


def _rows(connection: Connection, of: Mapping[str, str]) -> Sequence[Row[Any]]:
    same = [outcomes.c[name] == value for name, value in of.items()]
    return connection.execute(select(outcomes).where(*same).order_by(outcomes.c.sequence)).all()


def _is_new_again(before: Sequence[Row[Any]], outcome: Outcome) -> bool:
    """Whether another answer stands, given no later than this one."""
    answers = [row for row in before if row.outcome in ANSWERS]
    if outcome.outcome not in ANSWERS or answers[-1].outcome == outcome.outcome:
        return False
    return as_utc(answers[-1].occurred_at) <= as_utc(outcome.occurred_at)


def _enforce_same(row: Row[Any], outcome: Outcome) -> str:
    if (row.reason_code, row.not_before) != (outcome.reason_code, outcome.not_before):
        said = f"the reason {row.reason_code or 'none'!r}" + (f" and {row.not_before}" if row.not_before else "")
        raise Conflict(
            f"This answer was already recorded with {said}.",
            "The same answer sent again must say the same.",
            "Send what corrects it as a new outcome.",
        )
    return str(row.outcome_id)


def outcomes_of(ledger: Ledger, decision_id: str) -> Sequence[dict[str, object]]:
    """The outcomes recorded for a decision, in the order of their arrival."""
    with ledger.engine.connect() as connection:
        return outcomes_within(connection, decision_id)


def outcomes_within(connection: Connection, decision_id: str) -> Sequence[dict[str, object]]:
    """As outcomes_of, inside a transaction."""
    rows = [dict(row._mapping) for row in _rows(connection, {"decision_id": decision_id})]
    return [{name: value for name, value in row.items() if name not in NOT_TOLD} for row in rows]
