"""Who an act is written down for that one person may do alone: by name, or signed by that person's key."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from linewise.ledger.people import read_people
from linewise.ledger.said import enforce_said
from linewise.ledger.signing import PersonKey

__all__ = ["author_of", "signature_by"]


def author_of(connection: Connection, by: str | PersonKey) -> dict[str, str]:
    """name, role and key_id of who acts; by name alone there is neither a role nor a key.

    Raises UsageError for an empty name, ApprovalMissing for a key that is nobody's.
    """
    if isinstance(by, str):
        enforce_said(by=by)
        return {"name": by.strip(), "role": "", "key_id": ""}
    person = read_people(connection).holder(by)
    return {"name": person.name, "role": person.role, "key_id": person.key_id}


def signature_by(by: str | PersonKey, content: Mapping[str, Any]) -> str:
    """What stands under the content; nothing where somebody acts by name alone."""
    return "" if isinstance(by, str) else by.sign(content)
