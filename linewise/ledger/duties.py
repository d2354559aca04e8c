"""Duties: opened with the decision that creates them, ended by evidence, in the way of an order while they block."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from linewise.core.actions import group_of_action
from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, UnknownDuty, UsageError
from linewise.ledger.duty_tables import duties, duty_acts
from linewise.ledger.insert_once import insert_all_once, insert_once
from linewise.ledger.prepared import Spelled
from linewise.ledger.said import enforce_said
from linewise.ledger.store import Ledger

__all__ = [
    "Duty",
    "blocking_duties",
    "complete_duty",
    "duties_due",
    "duties_of_decision",
    "end_duty",
    "enforce_no_blocking",
    "extend_duty",
    "open_duties",
    "open_duties_of",
    "read_duty",
]

MOMENTS = ("due_at", "opened_at")

# Spelled once: an answer waits for them.
_OF_DECISION = Spelled(select(duties).where(duties.c.decision_id == bindparam("decision")).order_by(duties.c.action_id))
_ACTS_OF = (
    select(duty_acts)
    .where(duty_acts.c.duty_id.in_(bindparam("duty_ids", expanding=True)))
    .order_by(duty_acts.c.sequence)
)


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody must do, because of which rule, about which action of which decision, by when.

    audience: whom it is owed to or who must act (customer, agent, reviewer, compliance); owner: the role
    that answers for it. is_blocking: an order of the action cannot complete while it is open; an empty
    action_id stands for every action of the decision. amount_amt: minor units, where it is about an amount.
    """

    duty_id: str
    decision_id: str
    customer_id: str
    rule_id: str
    action_id: str
    effect: str
    what: str
    audience: str
    owner: str
    due_at: datetime
    is_blocking: bool
    opened_at: datetime
    amount_amt: int | None = None
    lapses_when_accepted: bool = False


def open_duties(connection: Connection, opened: Sequence[Duty]) -> list[dict[str, Any]]:
    """Open what one decision creates, inside the transaction that writes it; what is there already stays as it is.

    Gives what `duties_of_decision` reads then, of a decision that had opened nothing before.

    What is owed about a customer as a whole (an empty action_id, and not in the way of an order), and a
    review that nobody asked for an amount in, is not opened again by a later decision while it is open.
    """
    elsewhere = _open_elsewhere(connection, [duty for duty in opened if _is_owed_once(duty)])
    wanted = [duty for duty in opened if not (_is_owed_once(duty) and _same(duty) in elsewhere)]
    rows = [_row(duty) for duty in wanted]
    insert_all_once(connection, duties, rows)
    return [row | {"acts": []} for row in sorted(rows, key=lambda row: row["action_id"])]


SAME = ("customer_id", "rule_id", "action_id", "effect")
"""What two decisions' duties have in common where they are the same thing to do."""


def _same(duty: Any) -> tuple[str, ...]:
    return tuple(getattr(duty, name) for name in SAME)


def _is_owed_once(duty: Duty) -> bool:
    is_of_customer = not duty.action_id and not duty.is_blocking
    return is_of_customer or (duty.effect == "HUMAN_REVIEW" and duty.amount_amt is None)


def _row(duty: Duty) -> dict[str, Any]:
    values = {name: getattr(duty, name) for name in Duty.__slots__}
    return values | {name: as_utc(values[name]).replace(tzinfo=None) for name in MOMENTS}


def _open_elsewhere(connection: Connection, owed_once: Sequence[Duty]) -> set[tuple[str, ...]]:
    """What is open already about their customer by other decisions than the one of these, by what makes it the same."""
    if not owed_once:
        return set()
    values = {"customer": owed_once[0].customer_id, "decision": owed_once[0].decision_id}
    return {_same(row) for row in _OPEN_BY_OTHERS.rows(connection, values)}


def _has_ended() -> Any:
    return select(duty_acts.c.ends_duty_id).where(duty_acts.c.ends_duty_id == duties.c.duty_id).exists()


# Spelled once: a decision waits for it.
_OPEN_BY_OTHERS = Spelled(
    select(*(duties.c[name] for name in SAME))
    .distinct()
    .where(duties.c.customer_id == bindparam("customer"), duties.c.decision_id != bindparam("decision"), ~_has_ended())
)


def _open_query() -> Any:
    """Open duties with their present deadline, the latest extension of it where there is one."""
    latest = (
        select(func.max(duty_acts.c.due_at)).where(duty_acts.c.duty_id == duties.c.duty_id).correlate(duties)
    ).scalar_subquery()
    return select(duties, func.coalesce(latest, duties.c.due_at).label("now_due_at")).where(~_has_ended())


def _duty(row: Row[Any]) -> Duty:
    values = {name: getattr(row, name) for name in Duty.__slots__}
    return Duty(**values | {"due_at": as_utc(row.now_due_at), "opened_at": as_utc(row.opened_at)})


def duties_due(ledger: Ledger, until: datetime | None = None) -> list[Duty]:
    """The open duties that are due by that moment (None: all open ones), the most urgent first."""
    with ledger.engine.connect() as connection:
        found = [_duty(row) for row in connection.execute(_open_query())]
    due = [one for one in found if until is None or one.due_at <= as_utc(until)]
    return sorted(due, key=lambda one: (one.due_at, one.duty_id))


def duties_of_decision(ledger: Ledger, decision_id: str) -> list[dict[str, Any]]:
    """Every duty of a decision, open or ended, each with its acts in their order."""
    with ledger.reading() as connection:
        rows = _OF_DECISION.rows(connection, {"decision": decision_id})
        if not rows:
            return []
        acts = connection.execute(_ACTS_OF, {"duty_ids": [row.duty_id for row in rows]}).all()
    told = [dict(act._mapping) for act in acts]
    return [row._asdict() | {"acts": [one for one in told if one["duty_id"] == row.duty_id]} for row in rows]


def read_duty(connection: Connection, duty_id: str) -> Duty:
    """An open duty.

    Raises UnknownDuty where there is none of that id, Conflict where it has ended, saying how.
    """
    row = connection.execute(_open_query().where(duties.c.duty_id == duty_id)).one_or_none()
    if row is not None:
        return _duty(row)
    ended = connection.execute(select(duty_acts).where(duty_acts.c.ends_duty_id == duty_id)).one_or_none()
    if ended is None:
        raise UnknownDuty(duty_id)
    raise Conflict(
        f"The duty {duty_id} has ended: {ended.act} by {ended.by} at {as_utc(ended.at).isoformat()}.",
        "An open duty was expected.",
        "See what is open with: linewise duties due",
    )


def end_duty(connection: Connection, duty: Duty, act: str, evidence: str, by: str, at: datetime) -> None:
    """End a duty inside a transaction; `act` says how (done, void, approved, refused).

    Raises UsageError without evidence or a name, Conflict where another ended it meanwhile.
    """
    enforce_said(evidence=evidence, by=by)
    values = _act(duty, act, evidence, by, at) | {"ends_duty_id": duty.duty_id}
    if not insert_once(connection, duty_acts, values):
        read_duty(connection, duty.duty_id)


def complete_duty(ledger: Ledger, duty_id: str, evidence: str, by: str, at: datetime) -> Duty:
    """Write down that a duty was done, with what shows it and who did it.

    Raises UnknownDuty, Conflict where it has ended, UsageError without evidence or a name, and for a
    review, which its own command decides.
    """
    with ledger.writing() as connection:
        duty = read_duty(connection, duty_id)
        if duty.effect == "HUMAN_REVIEW":
            raise UsageError(
                f"The duty {duty_id} is a review.",
                "It ends by a reviewer's verdict.",
                f"Run: linewise duties review {duty_id} --approve or --refuse",
            )
        end_duty(connection, duty, "done", evidence, by, at)
    return duty


def extend_duty(ledger: Ledger, duty_id: str, due_at: datetime, reasons: str, by: str, at: datetime) -> Duty:
    """Move a deadline to a later moment, with the reasons; gives the duty as it now stands.

    Raises UnknownDuty, Conflict where it has ended, UsageError where the new deadline is not later.
    """
    enforce_said(reasons=reasons, by=by)
    with ledger.writing() as connection:
        duty = read_duty(connection, duty_id)
        if as_utc(due_at) <= duty.due_at:
            raise UsageError(
                f"The new deadline {as_utc(due_at).isoformat()} is not after {duty.due_at.isoformat()}.",
                "A later moment was expected.",
            )
        values = _act(duty, "extended", reasons, by, at)
        insert_once(connection, duty_acts, values | {"due_at": as_utc(due_at).replace(tzinfo=None)})
        return read_duty(connection, duty_id)


def open_duties_of(connection: Connection, decision_id: str, action_id: str) -> list[Duty]:
    """The open duties about an action of a decision, about its group, or about the decision as a whole."""
    about = [action_id, group_of_action(action_id) or action_id, ""]
    query = _open_query().where(duties.c.decision_id == decision_id, duties.c.action_id.in_(about))
    return [_duty(row) for row in connection.execute(query.order_by(duties.c.due_at, duties.c.duty_id))]


def blocking_duties(
    connection: Connection, decision_id: str, action_id: str, done_by_order: Collection[str] = ()
) -> list[Duty]:
    """The open duties that stand in the way of an order of that action.

    done_by_order: rules whose duties to the customer are done by ordering itself, and stand in nobody's way.
    """
    return [
        one
        for one in open_duties_of(connection, decision_id, action_id)
        if one.is_blocking and not (one.audience == "customer" and one.rule_id in done_by_order)
    ]


def enforce_no_blocking(
    connection: Connection, decision_id: str, action_id: str, done_by_order: Collection[str] = ()
) -> None:
    """Raise Conflict, naming each, while duties stand in the way of an order of that action: `blocking_duties`."""
    open_ones = blocking_duties(connection, decision_id, action_id, done_by_order)
    if open_ones:
        named = "; ".join(f"{one.duty_id} ({one.effect}, {one.owner}): {one.what}" for one in open_ones)
        raise Conflict(
            f"The order of {action_id} cannot complete: what must be done before it is still open: {named}",
            "Every blocking duty was expected to be done.",
            "Do them, write it down with: linewise duties done DUTY, and order again.",
        )


def _act(duty: Duty, act: str, evidence: str, by: str, at: datetime) -> dict[str, Any]:
    moment = as_utc(at).replace(tzinfo=None)
    told = {"act": act, "evidence": evidence.strip(), "by": by.strip(), "at": moment}
    return {"duty_id": duty.duty_id, "customer_id": duty.customer_id} | told
