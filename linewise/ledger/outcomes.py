"""What became of suggestions: idempotent by key, and known to the very next decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, UsageError
from linewise.ledger.events import ANSWERS, enforce_event
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = [
    "Outcome",
    "insert_outcome",
    "latest_told",
    "outcomes_of",
    "outcomes_of_call",
    "outcomes_within",
    "told_after",
]

ACTION = ("decision_id", "offer_id")
KEY = (*ACTION, "call_id", "agent_id", "outcome")
READ = "disclosure_read"
"""Each text of an action is read by itself; its name stands where other events have their reason."""

CONSENT = "consent_captured"

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

    The key is decision, offer, call, agent and outcome, and of a disclosure which text was read: sent again it changes
    nothing and gives the id that it has. An answer that is given again once another one stands is a new one, and so is
    a consent once the action was accepted anew; a copy that only comes late
    tells itself apart by an `occurred_at` before that of the one that stands. Raises UsageError for an
    unknown event or a reason that is not its own, and Conflict where what is sent again comes with another
    reason or day.
    """
    _enforce_consistent(outcome)
    before = _rows(connection, {name: getattr(outcome, name) for name in ACTION})
    same = [row for row in before if all(getattr(row, name) == getattr(outcome, name) for name in KEY)]
    again = [row for row in same if row.reason_code == outcome.reason_code] if outcome.outcome == READ else same
    if again and not _is_new_again(before, outcome):
        return _enforce_same(again[-1], outcome), False
    outcome_id = str(uuid4())
    told = {"outcome_id": outcome_id, "repeat_number": len(same)}
    connection.execute(insert(outcomes).values(told | _values(outcome)))
    return outcome_id, True


def _rows(connection: Connection, of: Mapping[str, str]) -> Sequence[Row[Any]]:
    same = [outcomes.c[name] == value for name, value in of.items()]
    return connection.execute(select(outcomes).where(*same).order_by(outcomes.c.sequence)).all()


def _is_new_again(before: Sequence[Row[Any]], outcome: Outcome) -> bool:
    """Whether another answer stands, given no later than this one; of a consent, whether it was accepted since."""
    if outcome.outcome == CONSENT:
        told = [row.outcome for row in before if row.outcome in {CONSENT, "accepted"}]
        return bool(told[-1] == "accepted")
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
    return [_told(row) for row in _rows(connection, {"decision_id": decision_id})]


def outcomes_of_call(ledger: Ledger, customer_id: str, call_id: str) -> Sequence[dict[str, object]]:
    """The outcomes of all decisions in one call of a customer, in the order of their arrival."""
    of_call = (outcomes.c.customer_id == customer_id, outcomes.c.call_id == call_id)
    with ledger.engine.connect() as connection:
        rows = connection.execute(select(outcomes).where(*of_call).order_by(outcomes.c.sequence)).all()
    return [_told(row) for row in rows]


def latest_told(ledger: Ledger) -> int:
    """The number of the outcome that came last; 0 where none has."""
    with ledger.engine.connect() as connection:
        return int(connection.execute(select(func.max(outcomes.c.sequence))).scalar() or 0)


def told_after(ledger: Ledger, sequence: int) -> set[str]:
    """The customers of whom something was told after the outcome of that number."""
    query = select(outcomes.c.customer_id).where(outcomes.c.sequence > sequence).distinct()
    with ledger.engine.connect() as connection:
        return set(connection.execute(query).scalars())


def _told(row: Row[Any]) -> dict[str, object]:
    return {name: value for name, value in row._mapping.items() if name not in NOT_TOLD}
