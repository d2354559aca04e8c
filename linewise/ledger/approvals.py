"""Approval: the signed act of another person on the hash of a release; a name that was typed is none."""

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

__all__ = ["PROMOTION", "Needed", "Signatures", "SignedAct", "enforce_approved", "sign_act", "signatures_of"]

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
class SignedAct:
    """One signature that holds: who did what to which release, in which role, and what they say it means."""

    act: str
    subject: str
    meaning: str
    person: Person
    at: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """The authors of a release, those whose approval counts, and why the other rows do not."""

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


def signatures_of(connection: Connection, release: SeenRelease) -> Signatures:
    """Every signature on a release, each checked anew: one that does not verify counts as absent and is told."""
    registry = read_people(connection)
    query = select(signed_acts).where(signed_acts.c.subject == release.release_id).order_by(signed_acts.c.sequence)
    held: list[SignedAct] = []
    problems: list[str] = list(registry.problems)
    for row in connection.execute(query):
        problem = _problem_with(row, release, registry)
        if problem:
            problems.append(f"{row.act} by {row.name}: {problem}")
        else:
            held.append(SignedAct(row.act, row.subject, row.meaning, registry.by_key[row.key_id], row.at))
    authors = [one for one in held if one.act == PROPOSE]
    names = {one.person.name for one in authors} | {release.made_by}
    approvals = []
    for one in (each for each in held if each.act == APPROVE):
        if one.person.name in names:
            problems.append(f"approve by {one.person.name}: made the release")
        elif one.person.registrar in names:
            problems.append(f"approve by {one.person.name}: whoever made the release registered this key")
        else:
            approvals.append(one)
    return Signatures(authors, approvals, problems)


def _problem_with(row: Row[Any], release: SeenRelease, registry: Registry) -> str:
    person = registry.by_key.get(row.key_id)
    if person is None:
        return "the key belongs to nobody registered here"
    if (person.name, person.role) != (row.name, row.role):
        return f"the key belongs to {person.name} as {person.role}"
    if row.subject_sha256 != release.sha256:
        return "it was signed over other parts than the release has"
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
        release = read_release(connection, release_id)
        person = read_people(connection).holder(key)
        before = signatures_of(connection, release)
        _enforce_may_sign(before, release, act, person)
        row = {
            "act": act,
            "subject": release_id,
            "subject_sha256": release.sha256,
            "meaning": meaning,
            "name": person.name,
            "role": person.role,
            "key_id": person.key_id,
            "at": as_utc(at).isoformat(),
        }
        signature = key.sign(_content(row))
        connection.execute(insert(signed_acts).values(signature=signature, **row))
    return SignedAct(act, release_id, meaning, person, row["at"])


def _enforce_may_sign(before: Signatures, release: SeenRelease, act: str, person: Person) -> None:
    authors = {one.person.name for one in before.authors}
    done = before.authors if act == PROPOSE else before.approvals
    if person.name in {one.person.name for one in done}:
        raise Conflict(f"{person.name} has signed this before ({act}).", "Another person was expected.")
    if act == PROPOSE:
        if person.name in {one.person.name for one in before.approvals}:
            raise Conflict(f"{person.name} has approved this release.", "Its author was expected to be another person.")
        return
    if not authors:
        raise ApprovalMissing(
            f"Nobody has signed for having made the release {release.release_id}.",
            "Its author's signature was expected first, so that the approval is another person's.",
            f"Run: linewise release propose {release.release_id} --key FILE",
        )
    for name, what in ((person.name, "made the release"), (person.registrar, "registered that key and made it")):
        if name in authors | {release.made_by}:
            raise ApprovalMissing(
                f"{person.name} cannot approve {release.release_id}: {name} {what}.",
                "Another person, registered by somebody else, was expected to approve.",
                "Ask that person to run: linewise release approve RELEASE --key FILE",
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
