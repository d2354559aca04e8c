"""Releases as the ledger saw them: what each is made of, since when, by whom."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, UnknownRelease
from linewise.ledger.insert_once import insert_once
from linewise.ledger.release_tables import releases
from linewise.ledger.signing import canonical
from linewise.ledger.store import Ledger

__all__ = ["SeenRelease", "note_release", "read_release", "releases_seen"]


@dataclass(frozen=True, slots=True)
class SeenRelease:
    """One release: its id, the canonical JSON of its parts, when it was first seen here, and by whom it was made."""

    release_id: str
    parts: str
    first_seen_at: datetime
    made_by: str

    @property
    def sha256(self) -> str:
        """The hash that people sign: over the id and all parts."""
        return hashlib.sha256(f"{self.release_id}\n{self.parts}".encode()).hexdigest()


def note_release(ledger: Ledger, release_id: str, parts: Mapping[str, Any], made_by: str, at: datetime) -> None:
    """Write down that this release was opened here, the first time that it is.

    Raises Conflict where the same id stood for other parts before.
    """
    text = canonical(parts).decode()
    values = {"parts": text, "first_seen_at": as_utc(at).replace(tzinfo=None), "made_by": made_by}
    with ledger.engine.connect() as connection:
        row = connection.execute(select(releases).where(releases.c.release_id == release_id)).one_or_none()
    if row is None:
        with ledger.writing() as connection:
            insert_once(connection, releases, {"release_id": release_id} | values)
    elif row.parts != text:
        raise Conflict(
            f"The release {release_id} was seen here with other parts.",
            "One id was expected to stand for one set of parts.",
            "See them with: linewise release show",
        )


def _release(row: Row[Any]) -> SeenRelease:
    return SeenRelease(row.release_id, row.parts, as_utc(row.first_seen_at), row.made_by)


def releases_seen(ledger: Ledger) -> Sequence[SeenRelease]:
    """Every release that was opened here, in the order in which they were first seen."""
    with ledger.engine.connect() as connection:
        query = select(releases).order_by(releases.c.first_seen_at, releases.c.release_id)
        return [_release(row) for row in connection.execute(query)]


def read_release(connection: Connection, release_id: str) -> SeenRelease:
    """One release; raises UnknownRelease where it was never opened here."""
    row = connection.execute(select(releases).where(releases.c.release_id == release_id)).one_or_none()
    if row is None:
        raise UnknownRelease(release_id)
    return _release(row)
