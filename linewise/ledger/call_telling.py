"""What is told of calls on its way into the ledger: once each, in an order that can be, by who may tell it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, UsageError
from linewise.core.scrubbing import scrub
from linewise.ledger.call_kinds import CALLER_ROLES, DIRECTIONS, enforce_kind, enforce_phase
from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.calls import PhoneCall, Told, call_within, event_within, find_call

__all__ = ["MOST_SKEW", "ring", "tell"]

MOST_SKEW = timedelta(minutes=5)
"""How far the clock of telephony may be from ours before what it says is refused."""

RINGING = "ringing"
"""The id of a call's first event."""

AS_IT_RANG = (
    "customer_id", "team", "queue", "channel", "direction", "language", "caller_role", "is_identity_verified",
)  # fmt: skip
"""What must be the same where a call is told of again; its time is not, for whoever leaves it out means now."""


def ring(connection: Connection, call: PhoneCall, now: datetime) -> bool:
    """Begin a call, inside a transaction that holds the right to write; whether it is new.

    Told of again as it was it changes nothing. now: by the bank's clock, which the times of telephony are held
    against. Raises UsageError for a word that is unknown or a time that cannot be, and Conflict where another call
    stands under this id.
    """
    _enforce_word(call.direction, DIRECTIONS, "direction")
    _enforce_word(call.caller_role, CALLER_ROLES, "role of the caller")
    _enforce_has_been(call.rang_at, now)
    stands = find_call(connection, call.call_id)
    if stands is None:
        connection.execute(insert(calls).values(**{name: getattr(call, name) for name in PhoneCall.__slots__}))
        first = Told(RINGING, "ringing", "telephony", call.rang_at, call.recorded_at, call.agent_id)
        _insert(connection, call, first, 1)
        return True
    differing = [name for name in AS_IT_RANG if getattr(stands, name) != getattr(call, name)]
    if differing:
        raise Conflict(
            f"The call {call.call_id!r} was told of before with another {', '.join(differing)}.",
            "A call told of again must be told the same.",
            "Give another call another id.",
        )
    return False


def tell(connection: Connection, call_id: str, told: Told, now: datetime) -> tuple[Told, bool]:
    """Write down an event of a call, inside a transaction that holds the right to write.

    Gives it as it stands, and whether it is new: sent again under its id it changes nothing. Raises UnknownCall;
    UsageError for an event that is unknown, not its source's to tell, or of a time that cannot be; Conflict for one
    that comes too early or too late, from an agent who does not have the call, or under the id of another event.
    Nothing is written where it raises.
    """
    call, told = call_within(connection, call_id), _scrubbed(told)
    enforce_kind(told.kind, told.source, told.details)
    stands = event_within(connection, call_id, told.event_id)
    if stands is not None:
        return _enforce_same(stands, told), False
    _enforce_one_agent(call, told)
    enforce_phase(told.kind, call.phase, call_id)
    _enforce_has_been(told.at, now)
    if told.at < call.rang_at - MOST_SKEW:
        raise UsageError(
            f"The event {told.kind!r} would have happened at {told.at.isoformat()}, before the call rang.",
            f"A moment from {call.rang_at.isoformat()} on was expected.",
        )
    number = _last_number(connection, call_id) + 1
    written = replace(told, number=number, sequence=_insert(connection, call, told, number))
    _move_on(connection, call, told)
    return written, True


def _scrubbed(told: Told) -> Told:
    """A note without the numbers that no note may hold, before it is compared or written."""
    note = told.details.get("note")
    return replace(told, details={**told.details, "note": scrub(note)}) if note else told


def _enforce_word(given: str, known: tuple[str, ...], name: str) -> None:
    if given not in known:
        raise UsageError(f"The {name} {given!r} is unknown.", f"One of {', '.join(known)} was expected.")


def _enforce_has_been(at: datetime, now: datetime) -> None:
    if at > as_utc(now) + MOST_SKEW:
        raise UsageError(
            f"It would have happened at {at.isoformat()}, which is yet to come.",
            f"A moment up to {as_utc(now).isoformat()} was expected.",
            "Set the clock of whoever tells of it, or leave the time out.",
        )


def _enforce_one_agent(call: PhoneCall, told: Told) -> None:
    if told.kind in {"answered", "transferred"}:
        if not told.agent_id:
            raise UsageError(f"The event {told.kind!r} came without an agent.", "Who has the call now was expected.")
        if told.kind == "answered" and call.phase == "answered" and call.agent_id != told.agent_id:
            raise Conflict(
                f"Another agent has answered the call {call.call_id!r}.",
                "One agent has a call.",
                "Let telephony hand it over.",
            )
    elif told.source == "agent" and told.agent_id != call.agent_id:
        raise Conflict(
            f"The call {call.call_id!r} is not with the agent {told.agent_id or 'unnamed'!r}.",
            "What is said in a call comes from the one agent who has it.",
            "Let telephony hand it over first.",
        )


def _enforce_same(stands: Told, told: Told) -> Told:
    if any(getattr(stands, name) != getattr(told, name) for name in ("kind", "source", "agent_id", "details")):
        raise Conflict(
            f"The event {told.event_id!r} was told before as {stands.kind!r}, and otherwise.",
            "An event sent again must say the same.",
            "Give another event another id.",
        )
    return stands


def _last_number(connection: Connection, call_id: str) -> int:
    query = select(func.max(call_events.c.number)).where(call_events.c.call_id == call_id)
    return int(connection.execute(query).scalar_one())


def _insert(connection: Connection, call: PhoneCall, told: Told, number: int) -> int:
    """Its place among the events of all calls."""
    values: dict[str, Any] = {name: getattr(told, name) for name in ("event_id", "kind", "source", "agent_id")}
    values |= {"at": told.at, "recorded_at": told.recorded_at, "call_id": call.call_id, "number": number}
    details = json.dumps(dict(told.details), ensure_ascii=False, sort_keys=True)
    done = connection.execute(insert(call_events).values(**values, customer_id=call.customer_id, details=details))
    assert done.inserted_primary_key is not None  # noqa: S101  the table numbers its rows
    return int(done.inserted_primary_key[0])


def _move_on(connection: Connection, call: PhoneCall, told: Told) -> None:
    """Keep with the call who has it, and when it was answered and ended."""
    changes: dict[str, Any] = {}
    if told.kind in {"answered", "transferred"}:
        changes["agent_id"] = told.agent_id
    if told.kind == "answered":
        changes["answered_at"] = told.at
    if told.kind == "ended":
        changes["ended_at"] = told.at
    if changes:
        connection.execute(update(calls).where(calls.c.call_id == call.call_id).values(**changes))
