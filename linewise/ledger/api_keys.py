"""Keys for machines: shown once, kept as a hash, each with its scopes and its last day."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, insert, select

from linewise.core.errors import Conflict, NotFound, UsageError
from linewise.ledger.access_tables import api_keys, revoked_api_keys
from linewise.ledger.said import enforce_said
from linewise.ledger.store import Ledger

__all__ = ["ApiKey", "find_key", "list_keys", "make_key", "revoke_key"]

PREFIX = "lw"
ID_BYTES, SECRET_BYTES = 6, 32
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What the ledger says of a key; the key itself is not in it."""

    key_id: str
    name: str
    scopes: frozenset[str]
    made_by: str
    made_at: datetime
    expires_at: datetime
    is_demo: bool
    revoked_at: datetime | None = None
    revoked_by: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and now < self.expires_at


def _hash(secret: str) -> str:
    # Drawn at random, so that nobody finds it by trying: a slower hash would only slow the service.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def make_key(
    ledger: Ledger,
    name: str,
    scopes: Collection[str],
    days: int,
    by: str,
    now: datetime,
    *,
    is_demo: bool = False,
) -> tuple[str, ApiKey]:
    """Make a key and give it, this once, with what is kept of it.

    Raises UsageError without a name or scopes, or for more days than a year has.
    """
    enforce_said(name=name, by=by)
    if not scopes:
        raise UsageError("The key would open nothing.", "At least one scope was expected.")
    if not 1 <= days <= LONGEST_DAYS:
        raise UsageError(f"The key would hold for {days} days.", f"1 to {LONGEST_DAYS} days were expected.")
    key_id, secret = secrets.token_hex(ID_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    made = ApiKey(key_id, name.strip(), frozenset(scopes), by.strip(), now, now + timedelta(days=days), is_demo)
    row = {
        "key_id": key_id,
        "name": made.name,
        "secret_hash": _hash(secret),
        "scopes": " ".join(sorted(made.scopes)),
        "made_by": made.made_by,
        "made_at": now,
        "expires_at": made.expires_at,
        "is_demo": is_demo,
    }
    with ledger.writing() as connection:
        connection.execute(insert(api_keys).values(**row))
    return f"{PREFIX}_{key_id}_{secret}", made


def find_key(ledger: Ledger, given: str) -> ApiKey | None:
    """The key that was given, also one that holds no more; None for one that was never made."""
    parts = given.split("_", 2)
    prefix, key_id, secret = parts if len(parts) == 3 else ("", "", "")
    with ledger.engine.connect() as connection:
        row = connection.execute(_query().where(api_keys.c.key_id == key_id)).one_or_none()
    kept = row.secret_hash if row is not None else _hash("")
    is_same = hmac.compare_digest(kept, _hash(secret))
    return _key(row) if row is not None and prefix == PREFIX and is_same else None


def list_keys(ledger: Ledger) -> Sequence[ApiKey]:
    """Every key that was made, the latest first."""
    with ledger.engine.connect() as connection:
        return [_key(row) for row in connection.execute(_query().order_by(api_keys.c.made_at.desc()))]


def revoke_key(ledger: Ledger, key_id: str, reason: str, by: str, now: datetime) -> ApiKey:
    """Let a key open nothing from now on.

    Raises NotFound for an unknown id, Conflict where it was revoked before, UsageError without reason or name.
    """
    enforce_said(reason=reason, by=by)
    with ledger.writing() as connection:
        row = connection.execute(_query().where(api_keys.c.key_id == key_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no key {key_id!r}.", "See them with: linewise apikey list")
        if row.at is not None:
            raise Conflict(f"The key {key_id!r} was revoked by {row.by} at {row.at:%Y-%m-%d %H:%M}.")
        values = {"key_id": key_id, "reason": reason.strip(), "by": by.strip(), "at": now}
        connection.execute(insert(revoked_api_keys).values(**values))
        return _key(connection.execute(_query().where(api_keys.c.key_id == key_id)).one())


def _query() -> Select[Any]:
    revoked = revoked_api_keys
    return select(api_keys, revoked.c.at, revoked.c.by).outerjoin(revoked, revoked.c.key_id == api_keys.c.key_id)


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        name=row.name,
        scopes=frozenset(row.scopes.split()),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        is_demo=row.is_demo,
        revoked_at=row.at,
        revoked_by=row.by or "",
    )
