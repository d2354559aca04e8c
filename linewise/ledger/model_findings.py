"""What somebody has found against a version of a model: it blocks its promotion until a validator closes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import ApprovalMissing, Conflict, NotFound
from linewise.ledger.authors import author_of, signature_by
from linewise.ledger.model_tables import model_findings
from linewise.ledger.people import Registry, read_people
from linewise.ledger.said import enforce_said
from linewise.ledger.signing import PersonKey, is_signed
from linewise.ledger.store import Ledger

__all__ = ["CLOSING", "ModelFinding", "Subject", "close_finding", "open_finding", "open_findings"]

CLOSING = "validator"
"""The role in which a finding is closed: whoever made the model cannot hold it beside (`roles.yaml`)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The version that a finding is about, and the hash of its files."""

    model: str
    version: int
    artefact_sha256: str


@dataclass(frozen=True, slots=True)
class ModelFinding:
    """What was found, by whom and when."""

    finding_id: str
    subject: Subject
    says: str
    name: str
    at: str


def _content(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("finding_id", "act", "model", "version", "artefact_sha256", "says", "name", "role", "key_id", "at")
    return {"form": "linewise model finding 1"} | {name: str(row[name]) for name in names}


def open_finding(ledger: Ledger, subject: Subject, says: str, by: str | PersonKey, at: datetime) -> ModelFinding:
    """Write down what speaks against the version; one person is enough, by name or by key.

    Raises UsageError where nothing is said or nobody says it, ApprovalMissing for a key that is nobody's.
    """
    with ledger.writing() as connection:
        row = _written(connection, str(uuid4()), "open", subject, says, by, at)
    return ModelFinding(row["finding_id"], subject, row["says"], row["name"], row["at"])


def close_finding(ledger: Ledger, finding_id: str, says: str, key: PersonKey, at: datetime) -> ModelFinding:
    """Close a finding, with what was done about it, signed by a validator.

    Raises NotFound where there is none of that id, Conflict where it is closed, ApprovalMissing where this person may
    not.
    """
    with ledger.writing() as connection:
        rows = connection.execute(select(model_findings).where(model_findings.c.finding_id == finding_id)).all()
        if not rows:
            raise NotFound(
                f"There is no finding {finding_id!r}.",
                "The id of an open finding was expected.",
                "See them with: linewise model gate NAME VERSION",
            )
        standing = {one.finding_id: one for one in _standing(connection, rows)}
        if finding_id not in standing:
            raise Conflict(f"The finding {finding_id} is closed already.")
        person = read_people(connection).holder(key)
        if person.role != CLOSING:
            raise ApprovalMissing(
                f"{person.name} ({person.role}) cannot close the finding {finding_id}.",
                f"A {CLOSING} was expected.",
            )
        found = standing[finding_id]
        _written(connection, finding_id, "close", found.subject, says, key, at)
    return found


def open_findings(ledger: Ledger, subject: Subject) -> Sequence[ModelFinding]:
    """What stands against this version's files, oldest first.

    A closing that is not a validator's good signature closes nothing.
    """
    query = (
        select(model_findings)
        .where(model_findings.c.model == subject.model, model_findings.c.artefact_sha256 == subject.artefact_sha256)
        .order_by(model_findings.c.sequence)
    )
    with ledger.engine.connect() as connection:
        return _standing(connection, connection.execute(query).all())


def _standing(connection: Connection, rows: Sequence[Row[Any]]) -> list[ModelFinding]:
    found: dict[str, ModelFinding] = {}
    registry = read_people(connection) if any(row.act == "close" for row in rows) else None
    for row in rows:
        if row.act == "open":
            subject = Subject(row.model, row.version, row.artefact_sha256)
            found.setdefault(row.finding_id, ModelFinding(row.finding_id, subject, row.says, row.name, row.at))
        elif registry is not None and _closes(row, registry):
            found.pop(row.finding_id, None)
    return list(found.values())


def _closes(row: Row[Any], registry: Registry) -> bool:
    person = registry.by_key.get(row.key_id)
    if person is None or (person.name, person.role) != (row.name, row.role) or person.role != CLOSING:
        return False
    return is_signed(person.public_key, _content(row._asdict()), row.signature)


def _written(
    connection: Connection, finding_id: str, act: str, subject: Subject, says: str, by: str | PersonKey, at: datetime
) -> dict[str, Any]:
    enforce_said(says=says)
    row: dict[str, Any] = {
        "finding_id": finding_id, "act": act, "model": subject.model, "version": subject.version,
        "artefact_sha256": subject.artefact_sha256, "says": says.strip(), "at": as_utc(at).isoformat(),
    }  # fmt: skip
    row |= author_of(connection, by)
    connection.execute(insert(model_findings).values(**row, signature=signature_by(by, _content(row))))
    return row
