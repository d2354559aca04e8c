"""How a person of the bank wants their screen: kept for them alone, the last word counts."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from linewise.core.errors import UsageError
from linewise.ledger.access_tables import preferences
from linewise.ledger.store import Ledger

__all__ = ["keep_preferences", "preferences_of"]

LONGEST = 4_000


def preferences_of(ledger: Ledger, name: str) -> Mapping[str, Any]:
    """What a person chose, by names that the screen gives; empty for who chose nothing."""
    query = select(preferences.c.content).where(preferences.c.name == name)
    with ledger.engine.connect() as connection:
        content = connection.execute(query).scalar_one_or_none()
    found: Mapping[str, Any] = json.loads(content) if content else {}
    return found


def keep_preferences(ledger: Ledger, name: str, chosen: Mapping[str, Any], now: datetime) -> None:
    """Keep what a person chose in the place of what they had; nothing chosen is forgotten.

    Raises UsageError where it is longer than choices are.
    """
    content = json.dumps(chosen, sort_keys=True)
    if len(content) > LONGEST:
        raise UsageError(f"{len(content):,} characters are more than choices take.", f"At most {LONGEST:,} fit.")
    with ledger.writing() as connection:
        connection.execute(delete(preferences).where(preferences.c.name == name))
        if chosen:
            connection.execute(insert(preferences).values(name=name, content=content, changed_at=now))
