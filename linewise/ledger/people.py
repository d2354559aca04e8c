"""Who may sign: people with their roles and public keys, each vouched for by the signature of an operator."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import ApprovalMissing, Conflict, NotFound, UsageError
from linewise.ledger.release_tables import people, withdrawn_keys
from linewise.ledger.said import enforce_said
from linewise.ledger.signing import PersonKey, is_signed, key_id_of
from linewise.ledger.store import Ledger

__all__ = ["REGISTRAR", "ROLES", "Person", "Registry", "read_people", "register_person", "withdraw_key"]

REGISTRAR = "operator"
"""The role that registers keys; the first key of a home is an operator's and vouches for itself."""

ROLES = (
    "agent", "supervisor", "reviewer", "policy_author", "policy_approver", "validator", "marketer", "ml_engineer",
    "privacy_officer", "auditor", REGISTRAR,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One key of one person: its holder, the role it signs in, and who registered it."""

    key_id: str
    name: str
    role: str
    public_key: str
    at: str
    registrar: str


@dataclass(frozen=True, slots=True)
class Registry:
    """The people whose registration holds, by key, and what was found wrong with the others."""

    by_key: Mapping[str, Person]
    problems: Sequence[str]

    def roles_of(self, name: str) -> set[str]:
        """Every role that a person of that name signs in."""
        return {one.role for one in self.by_key.values() if one.name == name}

    def holder(self, key: PersonKey) -> Person:
        """Whose key it is; raises ApprovalMissing where nobody registered it."""
        if key.key_id not in self.by_key:
            raise ApprovalMissing(
                f"The key {key.key_id} belongs to nobody registered here.",
                "A key that an operator has registered was expected.",
                "Ask an operator to run: linewise release key NAME --role ROLE --public KEY --registrar FILE",
            )
        return self.by_key[key.key_id]


def _content(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("name", "role", "public_key", "at", "registrar_key_id")
    return {"form": "linewise person 1"} | {name: row[name] for name in names}


def read_people(connection: Connection) -> Registry:
    """Everyone registered, each signature checked against an operator registered before."""
    found: dict[str, Person] = {}
    problems: list[str] = []
    for row in connection.execute(select(people).order_by(people.c.sequence)):
        is_first = not found and row.role == REGISTRAR and row.registrar_key_id == row.key_id
        registrar = found.get(row.registrar_key_id)
        public_key = row.public_key if is_first else registrar.public_key if registrar else ""
        may_register = is_first or (registrar is not None and registrar.role == REGISTRAR)
        is_own_id = row.key_id == key_id_of(row.public_key)
        if may_register and is_own_id and is_signed(public_key, _content(row._asdict()), row.signature):
            vouched_by = registrar.name if registrar else row.name
            found[row.key_id] = Person(row.key_id, row.name, row.role, row.public_key, row.at, vouched_by)
        else:
            problems.append(f"the registration of {row.name} ({row.role}) is not signed by an operator")
    for row in connection.execute(select(withdrawn_keys).order_by(withdrawn_keys.c.at)):
        # Whoever holds a stolen key may write any date, so nothing signed by it counts; whom it registered stays.
        person = found.pop(row.key_id, None)
        if person is not None:
            problems.append(f"the key {row.key_id} of {person.name} was withdrawn by {row.by}: {row.reason}")
    return Registry(found, problems)


def withdraw_key(ledger: Ledger, key_id: str, reason: str, by: str, at: datetime) -> Person:
    """Withdraw a lost or stolen key at once; nothing that it signed counts any more.

    Gives whose it was. Raises NotFound where no key of that id is registered or it was withdrawn before,
    and UsageError without a reason or a name.
    """
    enforce_said(reason=reason, by=by)
    with ledger.writing() as connection:
        person = read_people(connection).by_key.get(key_id)
        if person is None:
            raise NotFound(f"There is no key {key_id!r} in use here.", "The id of a registered key was expected.")
        row = {"key_id": key_id, "reason": reason.strip(), "by": by.strip(), "at": as_utc(at).isoformat()}
        connection.execute(insert(withdrawn_keys).values(**row))
    return person


def register_person(
    ledger: Ledger,
    name: str,
    role: str,
    public_key: str,
    registrar: PersonKey,
    incompatible: Collection[frozenset[str]],
    at: datetime,
) -> Person:
    """Register the public key of a person in a role, signed by an operator's key.

    incompatible: pairs of roles that one person may not hold together. The first key of a home is an
    operator's and signs for itself. Raises UsageError for an unknown role or an impossible key, Conflict
    for a key that is there or a role beside which the person may not hold this one, ApprovalMissing where
    the registrar is no operator.
    """
    _enforce_possible(name, role, public_key)
    row = {
        "name": name.strip(),
        "role": role,
        "public_key": public_key.lower(),
        "at": as_utc(at).isoformat(),
        "registrar_key_id": registrar.key_id,
    }
    signature = registrar.sign(_content(row))
    with ledger.writing() as connection:
        registry = read_people(connection)
        _enforce_may_register(registry, row, registrar)
        _enforce_compatible(registry, row["name"], role, incompatible)
        if _is_known(connection, key_id_of(public_key)):
            raise Conflict(f"The key {key_id_of(public_key)} is registered already.", "A key of its own was expected.")
        connection.execute(insert(people).values(key_id=key_id_of(public_key), signature=signature, **row))
        return read_people(connection).by_key[key_id_of(public_key)]


def _is_known(connection: Connection, key_id: str) -> bool:
    return connection.execute(select(people.c.key_id).where(people.c.key_id == key_id)).first() is not None


def _enforce_possible(name: str, role: str, public_key: str) -> None:
    if not name.strip():
        raise UsageError("A person without a name cannot be registered.", "A name was expected.")
    if role not in ROLES:
        raise UsageError(f"The role {role!r} is unknown.", f"One of {', '.join(ROLES)} was expected.")
    try:
        is_key = len(bytes.fromhex(public_key)) == 32
    except ValueError:
        is_key = False
    if not is_key:
        raise UsageError(f"{public_key!r} is no public key.", "64 hexadecimal digits were expected.")


def _enforce_may_register(registry: Registry, row: Mapping[str, str], registrar: PersonKey) -> None:
    if registry.by_key or registry.problems:
        # Once there were keys, nobody begins anew by themselves, not even where none of them counts any more.
        vouching = registry.holder(registrar)
        if vouching.role != REGISTRAR:
            raise ApprovalMissing(
                f"{vouching.name} signs as {vouching.role}.", f"The key of an {REGISTRAR} was expected to register."
            )
    elif row["role"] != REGISTRAR or row["public_key"] != registrar.public:
        raise ApprovalMissing(
            f"Nobody is registered here yet, and {row['name']} would be {row['role']}.",
            f"The first key of a home is that of an {REGISTRAR}, who registers all others.",
            f"Run: linewise release key NAME --role {REGISTRAR} --out FILE",
        )


def _enforce_compatible(registry: Registry, name: str, role: str, incompatible: Collection[frozenset[str]]) -> None:
    for other in sorted({one.name for one in registry.by_key.values()}):
        if other != name and other.casefold() == name.casefold():
            raise Conflict(f"{name!r} is spelt {other!r} here.", "One person was expected to have one name.")
    for held in sorted(registry.roles_of(name)):
        if frozenset({held, role}) in incompatible:
            raise Conflict(
                f"{name} is {held} already and cannot be {role} too.",
                "The two roles check each other and were expected to be held by two people.",
                "Register another person.",
            )
