"""Stopping at once: a release, or a kind of action; one person is enough, and going on needs another's signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select

from linewise.core.actions import ACTION_KINDS
from linewise.core.clock import as_utc
from linewise.core.errors import ApprovalMissing, Conflict, UsageError
from linewise.core.scrubbing import scrub
from linewise.ledger.approvals import PROMOTION, Needed, enforce_approved
from linewise.ledger.authors import author_of, signature_by
from linewise.ledger.people import Registry, read_people
from linewise.ledger.prepared import Spelled
from linewise.ledger.release_tables import stops
from linewise.ledger.releases import read_release
from linewise.ledger.said import enforce_said
from linewise.ledger.signing import PersonKey, is_signed
from linewise.ledger.store import Ledger

__all__ = ["LIFTING", "Stop", "Stops", "enforce_may_decide", "lift", "read_stops", "stop", "stop_within"]

Kind = Literal["release", "action_kind"]

_ALL = Spelled(select(stops).order_by(stops.c.sequence))
"""Spelled once: a decision waits for it."""

LIFTING = ("policy_approver", "validator", "supervisor")
"""The roles in which another person than the one who stopped may let a release or a kind of action go on.

Not in `roles.yaml` of the policy: a stop must be made and hold while the policy is the thing that is wrong, and a
change of roles must not bring back stops that were lifted.
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """What was stopped, why, by whom and when."""

    kind: Kind
    target: str
    reason: str
    name: str
    at: str


@dataclass(frozen=True, slots=True)
class Stops:
    """The stops in force, by target, and what was found wrong with rows that would lift one."""

    releases: Mapping[str, Stop]
    kinds: Mapping[str, Stop]
    problems: Sequence[str]


def _content(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("act", "kind", "target", "reason", "name", "role", "key_id", "at")
    return {"form": "linewise stop 1"} | {name: row[name] for name in names}


def read_stops(connection: Connection) -> Stops:
    """The stops in force. A stop holds whoever wrote it; a row that lifts one only with another's good signature."""
    in_force: dict[tuple[str, str], Stop] = {}
    problems: list[str] = []
    registry: Registry | None = None
    for row in _ALL.rows(connection):
        place = (row.kind, row.target)
        if row.act == "stop":
            in_force.setdefault(place, Stop(row.kind, row.target, row.reason, row.name, row.at))
            continue
        registry = registry or read_people(connection)
        problem = _problem_with(row, in_force.get(place), registry)
        if problem:
            problems.append(f"lifting of {row.target} by {row.name}: {problem}")
        else:
            in_force.pop(place, None)
    of = {
        kind: {one.target: one for (k, _), one in in_force.items() if k == kind} for kind in ("release", "action_kind")
    }
    return Stops(of["release"], of["action_kind"], problems)


def _problem_with(row: Row[Any], stopped: Stop | None, registry: Registry) -> str:
    person = registry.by_key.get(row.key_id)
    if person is None or (person.name, person.role) != (row.name, row.role):
        return "the key belongs to nobody of that name and role"
    if person.role not in LIFTING:
        return f"{person.role} may not lift a stop"
    if stopped is not None and stopped.name == person.name:
        return "the same person stopped it"
    return (
        "" if is_signed(person.public_key, _content(row._asdict()), row.signature) else "the signature does not verify"
    )


def _enforce_known(connection: Connection, kind: Kind, target: str) -> None:
    if kind == "release":
        read_release(connection, target)
    elif target not in ACTION_KINDS:
        raise UsageError(f"There is no kind of action {target!r}.", f"One of {', '.join(ACTION_KINDS)} was expected.")


def stop(ledger: Ledger, kind: Kind, target: str, reason: str, by: str | PersonKey, at: datetime) -> Stop:
    """Stop a release or a kind of action at once; one person is enough, by name or by key.

    Raises UnknownRelease or UsageError for an unknown target, and UsageError without a reason or a name;
    Conflict where it is stopped already.
    """
    with ledger.writing() as connection:
        return stop_within(connection, kind, target, reason, by, at)


def stop_within(
    connection: Connection, kind: Kind, target: str, reason: str, by: str | PersonKey, at: datetime
) -> Stop:
    """As stop, inside a transaction that holds the right to write."""
    _enforce_known(connection, kind, target)
    now = read_stops(connection)
    before = (now.releases if kind == "release" else now.kinds).get(target)
    if before is not None:
        raise Conflict(f"{target} was stopped by {before.name} at {before.at}: {before.reason}")
    row = _row(connection, "stop", kind, target, reason, by, at)
    connection.execute(insert(stops).values(**row))
    return Stop(kind, target, row["reason"], row["name"], row["at"])


def lift(ledger: Ledger, kind: Kind, target: str, reason: str, key: PersonKey, at: datetime) -> None:
    """Let what was stopped go on, signed by another person in a role that may.

    Raises Conflict where it is not stopped, ApprovalMissing where this person may not.
    """
    with ledger.writing() as connection:
        _enforce_known(connection, kind, target)
        now = read_stops(connection)
        stopped = (now.releases if kind == "release" else now.kinds).get(target)
        if stopped is None:
            raise Conflict(f"{target} is not stopped.", "What is stopped shows: linewise release list")
        person = read_people(connection).holder(key)
        if person.role not in LIFTING or person.name == stopped.name:
            raise ApprovalMissing(
                f"{person.name} ({person.role}) cannot let {target} go on; {stopped.name} stopped it.",
                f"Another person was expected, as {' or '.join(LIFTING)}.",
            )
        connection.execute(insert(stops).values(**_row(connection, "lift", kind, target, reason, key, at)))


def _row(
    connection: Connection, act: str, kind: Kind, target: str, reason: str, by: str | PersonKey, at: datetime
) -> dict[str, str]:
    enforce_said(reason=reason)
    row = {"act": act, "kind": kind, "target": target, "reason": scrub(reason.strip()), "at": as_utc(at).isoformat()}
    row |= author_of(connection, by)
    return row | {"signature": signature_by(by, _content(row))}


def enforce_may_decide(ledger: Ledger, release_id: str, profile: str, needed: Needed = PROMOTION) -> Mapping[str, Stop]:
    """For a release that may decide: the kinds of action that are switched off, each with why and by whom.

    Raises ApprovalMissing where it may not: stopped, or in production not approved. A stop holds in every
    profile; approvals are asked for in production alone.
    """
    with ledger.reading() as connection:
        in_force = read_stops(connection)
        stopped = in_force.releases.get(release_id)
        if stopped is not None:
            raise ApprovalMissing(
                f"The release {release_id} was stopped by {stopped.name} at {stopped.at}: {stopped.reason}",
                "A release that is not stopped was expected.",
                f"Go back to a former release, or let it go on: linewise release resume {release_id} --key FILE",
            )
        if profile == "production":
            enforce_approved(connection, release_id, needed)
    return in_force.kinds
