"""People with key files, registered in a ledger by its first operator."""

from datetime import UTC, datetime
from pathlib import Path

from linewise.ledger.people import register_person
from linewise.ledger.releases import note_release
from linewise.ledger.signing import PersonKey, make_key_file
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
INCOMPATIBLE = frozenset({frozenset({"policy_author", "policy_approver"}), frozenset({"operator", "validator"})})
CAST = {
    "olga": "operator",
    "ada": "policy_author",
    "bo": "policy_approver",
    "cy": "validator",
    "di": "policy_approver",
    "rex": "reviewer",
    "sue": "supervisor",
}
PARTS = {"models": "m1", "policy": "p1"}


def a_cast(ledger: Ledger, folder: Path) -> dict[str, PersonKey]:
    """Each of CAST with a key, registered by olga."""
    keys = {name: make_key_file(folder / f"{name}.pem") for name in CAST}
    for name, role in CAST.items():
        register_person(ledger, name, role, keys[name].public, keys["olga"], INCOMPATIBLE, NOW)
    return keys


def a_release(ledger: Ledger, release_id: str = "r1") -> str:
    """A release that this home has opened, made by the service's own user."""
    note_release(ledger, release_id, PARTS | {"id": release_id}, "service", NOW)
    return release_id
