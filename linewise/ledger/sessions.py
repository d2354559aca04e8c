"""Sessions of people: rows on the server under the hash of a token, ended by idleness, by age or by their holder."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, insert, select, update

from linewise.ledger.access_tables import sessions
from linewise.ledger.store import Ledger

__all__ = ["IDLE_AFTER", "LONGEST", "Session", "end_session", "open_session", "read_session", "touch_session"]

IDLE_AFTER = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FORGOTTEN_AFTER = timedelta(days=2)
TOUCHED_EVERY = timedelta(seconds=20)
"""A request sooner than this after the last one noted writes nothing: a session may end so much early, never late."""

TOKEN_BYTES = 32

State = Literal["live", "idle", "old", "ended"]


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is and how it stands at the moment it was read; moments by the wall clock."""

    session_hash: str
    name: str
    opened_at: datetime
    seen_at: datetime
    state: State
    seconds_left: int
    """Until it ends without another request; 0 once it has."""
    seconds_at_most: int
    """Until it ends whatever is done."""


def hash_of(token: str) -> str:
    """What stands for a token in the ledger; a token is random enough to need no slower hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def open_session(ledger: Ledger, name: str, now: datetime) -> str:
    """Begin a session of that person and give its token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with ledger.writing() as connection:
        # What a form kept is given back on the ground of its session, so they are forgotten later than they end.
        connection.execute(delete(sessions).where(sessions.c.opened_at < now - FORGOTTEN_AFTER))
        connection.execute(
            insert(sessions).values(session_hash=hash_of(token), name=name, opened_at=now, seen_at=now, ended_at=None)
        )
    return token


def read_session(ledger: Ledger, token: str, now: datetime) -> Session | None:
    """The session of a token, ended ones too; None for a token that was never given, or long ago."""
    query = select(sessions).where(sessions.c.session_hash == hash_of(token))
    with ledger.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    idle_left, whole_left = row.seen_at + IDLE_AFTER - now, row.opened_at + LONGEST - now
    state: State = (
        "ended"
        if row.ended_at is not None
        else "old"
        if whole_left <= timedelta(0)
        else "idle"
        if idle_left <= timedelta(0)
        else "live"
    )
    is_live = state == "live"
    return Session(
        session_hash=row.session_hash,
        name=row.name,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        state=state,
        seconds_left=int(min(idle_left, whole_left).total_seconds()) if is_live else 0,
        seconds_at_most=int(whole_left.total_seconds()) if is_live else 0,
    )


def touch_session(ledger: Ledger, session: Session, now: datetime, *, is_asked: bool = False) -> None:
    """Note that its holder is there: it goes on for IDLE_AFTER from now, as often as that, but not past LONGEST.

    is_asked: the holder asked for it, so it is noted however soon.
    """
    if now - session.seen_at < TOUCHED_EVERY and not is_asked:
        return
    with ledger.writing() as connection:
        of_it = (sessions.c.session_hash == session.session_hash, sessions.c.ended_at.is_(None))
        connection.execute(update(sessions).where(*of_it, sessions.c.seen_at < now).values(seen_at=now))


def end_session(ledger: Ledger, token: str, now: datetime) -> None:
    """End it at once, for every worker; what ended before stays so."""
    with ledger.writing() as connection:
        of_it = (sessions.c.session_hash == hash_of(token), sessions.c.ended_at.is_(None))
        connection.execute(update(sessions).where(*of_it).values(ended_at=now))
