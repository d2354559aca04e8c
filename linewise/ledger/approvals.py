"""Approval: the signed act of another person on the hash of a release or of a budget; a name that was typed is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import ApprovalMissing, Conflict, UsageError
from linewise.ledger.people import Person, Registry, read_people
from linewise.ledger.release_tables import signed_acts
from linewise.ledger.releases import SeenRelease, read_release
from linewise.ledger.signing import PersonKey, is_signed
from linewise.ledger.store import Ledger

__all__ = [
    "APPROVE",
    "PROMOTION",
    "PROPOSE",
    "Needed",
    "Signatures",
    "SignedAct",
    "Subject",
    "enforce_approved",
    "sign_act",
    "sign_on",
    "signatures_of",
    "signatures_on",
]

PROPOSE, APPROVE = "propose", "approve"
ACTS = (PROPOSE, APPROVE)


@dataclass(frozen=True, slots=True)
class Needed:
    """How many people must approve, and in which roles."""

    people_count: int
    roles: tuple[str, ...]


PROMOTION = Needed(2, ("policy_approver", "validator"))
"""What a release needs before it decides in production; a policy may ask for more people, never for fewer."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What people sign: its id, its hash, who made it, what it is called, and the commands that sign it."""

    subject_id: str
    sha256: str
    made_by: str
    called: str
    propose_command: str
    approve_command: str


@dataclass(frozen=True, slots=True)
class SignedAct:
    """One signature that holds: who did what to what, in which role, and what they say it means."""

    act: str
    subject: str
    meaning: str
    person: Person
    at: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """The authors of what is signed, those whose approval counts, and why the other rows do not."""

    authors: Sequence[SignedAct]
    approvals: Sequence[SignedAct]
    problems: Sequence[str]

    def lacks(self, needed: Needed) -> str:
        """What is still missing, as a sentence; empty where nothing is."""
        if not self.authors:
            return "nobody has signed for having made it"
        names = {one.person.name for one in self.approvals if one.person.role in needed.roles}
        if len(names) >= needed.people_count:
            return ""
        roles = " or ".join(needed.roles)
        return f"{len(names)} of {needed.people_count} people have approved it as {roles}"


def _content(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("act", "subject", "subject_sha256", "meaning", "name", "role", "key_id", "at")
    return {"form": "linewise act 1"} | {name: row[name] for name in names}


def _of_release(release: SeenRelease) -> Subject:
    return Subject(
        release.release_id,
        release.sha256,
        release.made_by,
        "release",
        f"linewise release propose {release.release_id} --key FILE",
        "linewise release approve RELEASE --key FILE",
    )


def signatures_of(connection: Connection, release: SeenRelease) -> Signatures:
    """Every signature on a release, each checked anew: one that does not verify counts as absent and is told."""
    return signatures_on(connection, _of_release(release))


def signatures_on(connection: Connection, subject: Subject) -> Signatures:
    """The same on anything that people sign."""
    registry = read_people(connection)
    query = select(signed_acts).where(signed_acts.c.subject == subject.subject_id).order_by(signed_acts.c.sequence)
    held: list[SignedAct] = []
    problems: list[str] = list(registry.problems)
    for row in connection.execute(query):
        problem = _problem_with(row, subject, registry)
        if problem:
            problems.append(f"{row.act} by {row.name}: {problem}")
        else:
            held.append(SignedAct(row.act, row.subject, row.meaning, registry.by_key[row.key_id], row.at))
    authors = [one for one in held if one.act == PROPOSE]
    names = {one.person.name for one in authors} | {subject.made_by}
    approvals = []
    for one in (each for each in held if each.act == APPROVE):
        if one.person.name in names:
            problems.append(f"approve by {one.person.name}: made the {subject.called}")
        elif one.person.registrar in names:
            problems.append(f"approve by {one.person.name}: whoever made the {subject.called} registered this key")
        else:
            approvals.append(one)
    return Signatures(authors, approvals, problems)


def _problem_with(row: Row[Any], subject: Subject, registry: Registry) -> str:
    person = registry.by_key.get(row.key_id)
    if person is None:
        return "the key belongs to nobody registered here"
    if (person.name, person.role) != (row.name, row.role):
        return f"the key belongs to {person.name} as {person.role}"
    if row.subject_sha256 != subject.sha256:
        return f"it was signed over other parts than the {subject.called} has"
    if not is_signed(person.public_key, _content(row._asdict()), row.signature):
        return "the signature does not verify"
    return ""


def sign_act(ledger: Ledger, release_id: str, act: str, key: PersonKey, meaning: str, at: datetime) -> SignedAct:
    """Sign a release with a person's own key: `propose` for having made it, `approve` for having judged it.

    Raises UnknownRelease; ApprovalMissing where the key is nobody's, the release has no author yet, or the
    approver made it or had the key registered by whoever did; Conflict where the person did the same before.
    """
    if act not in ACTS:
        raise UsageError(f"The act {act!r} is unknown.", f"One of {', '.join(ACTS)} was expected.")
    with ledger.writing() as connection:
        return sign_on(connection, _of_release(read_release(connection, release_id)), act, key, meaning, at)


def sign_on(
    connection: Connection, subject: Subject, act: str, key: PersonKey, meaning: str, at: datetime
) -> SignedAct:
    """The same on anything that people sign, inside a transaction that holds the right to write."""
    person = read_people(connection).holder(key)
    before = signatures_on(connection, subject)
    _enforce_may_sign(before, subject, act, person)
    row = {
        "act": act,
        "subject": subject.subject_id,
        "subject_sha256": subject.sha256,
        "meaning": meaning,
        "name": person.name,
        "role": person.role,
        "key_id": person.key_id,
        "at": as_utc(at).isoformat(),
    }
    connection.execute(insert(signed_acts).values(signature=key.sign(_content(row)), **row))
    return SignedAct(act, subject.subject_id, meaning, person, row["at"])


def _enforce_may_sign(before: Signatures, subject: Subject, act: str, person: Person) -> None:
    authors = {one.person.name for one in before.authors}
    done = before.authors if act == PROPOSE else before.approvals
    if person.name in {one.person.name for one in done}:
        raise Conflict(f"{person.name} has signed this before ({act}).", "Another person was expected.")
    if act == PROPOSE:
        if person.name in {one.person.name for one in before.approvals}:
            raise Conflict(
                f"{person.name} has approved this {subject.called}.", "Its author was expected to be another person."
            )
        return
    if not authors:
        raise ApprovalMissing(
            f"Nobody has signed for having made the {subject.called} {subject.subject_id}.",
            "Its author's signature was expected first, so that the approval is another person's.",
            f"Run: {subject.propose_command}",
        )
    for name, what in (
        (person.name, f"made the {subject.called}"),
        (person.registrar, "registered that key and made it"),
    ):
        if name in authors | {subject.made_by}:
            raise ApprovalMissing(
                f"{person.name} cannot approve {subject.subject_id}: {name} {what}.",
                "Another person, registered by somebody else, was expected to approve.",
                f"Ask that person to run: {subject.approve_command}",
            )


def enforce_approved(connection: Connection, release_id: str, needed: Needed = PROMOTION) -> None:
    """Raise ApprovalMissing, saying what is missing, where too few other people approved a release."""
    release = read_release(connection, release_id)
    signatures = signatures_of(connection, release)
    lacking = signatures.lacks(needed)
    if lacking:
        told = f" Not counted: {'; '.join(signatures.problems)}." if signatures.problems else ""
        raise ApprovalMissing(
            f"The release {release_id} may not decide: {lacking}.{told}",
            "Signatures of people who did not make it were expected.",
            f"See what is missing with: linewise release show {release_id}",
        )
