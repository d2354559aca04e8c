"""What became of suggestions: idempotent by key, and known to the very next decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Connection, select

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, UsageError
from linewise.ledger.contacts import contacts_of
from linewise.ledger.events import enforce_event
from linewise.ledger.insert_once import insert_once
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["Decline", "Outcome", "declines_of", "insert_outcome", "outcomes_of", "outcomes_within", "write_outcome"]

KEY = ("decision_id", "offer_id", "call_id", "agent_id", "outcome")


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


def write_outcome(ledger: Ledger, outcome: Outcome) -> tuple[str, bool]:
    """Write an outcome durably; gives its id and whether it is new.

    The key is decision, offer, call, agent and outcome: sent again it changes nothing and gives the first
    id. Raises UsageError for an unknown event or a reason that is not its own, and Conflict where the same
    key comes with another reason or day.
    """
    with ledger.writing() as connection:
        return insert_outcome(connection, outcome)


def insert_outcome(connection: Connection, outcome: Outcome) -> tuple[str, bool]:
    """As write_outcome, inside a transaction that writes what follows from it too."""
    _enforce_consistent(outcome)
    outcome_id = str(uuid4())
    if insert_once(connection, outcomes, {"outcome_id": outcome_id} | _values(outcome)):
        return outcome_id, True
    return _already_there(connection, outcome), False


def _already_there(connection: Connection, outcome: Outcome) -> str:
    same = [outcomes.c[name] == getattr(outcome, name) for name in KEY]
    row = connection.execute(select(outcomes).where(*same)).one()
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
    query = select(outcomes).where(outcomes.c.decision_id == decision_id).order_by(outcomes.c.sequence)
    rows = [dict(row._mapping) for row in connection.execute(query)]
    return [{name: value for name, value in row.items() if name != "sequence"} for row in rows]


def declines_of(ledger: Ledger, customer_ids: Iterable[str], until: datetime) -> list[Decline]:
    """Every refusal of these customers up to that moment, in any channel, as `contacts_of` reads it."""
    return [
        Decline(one.customer_id, one.offer_id, one.offer_group, one.reason_code, one.occurred_at)
        for one in contacts_of(ledger, customer_ids, until)
        if one.kind == "declined"
    ]
