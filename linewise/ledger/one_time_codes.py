"""Codes of six digits for who cannot open a page: sent to the customer, read back by them, tried a few times."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from linewise.core.errors import Conflict
from linewise.ledger.keys import KeyStore
from linewise.ledger.own_act_tables import one_time_codes
from linewise.ledger.own_acts import OwnAct
from linewise.ledger.said import enforce_said

__all__ = [
    "CODE_LIFE",
    "MOST_CODES",
    "MOST_TRIES",
    "Tried",
    "codes_left",
    "codes_of",
    "make_code",
    "tries_left",
    "try_code",
]

CODE_LIFE = timedelta(minutes=5)
MOST_TRIES = 5
MOST_CODES = 3

Tried = Literal["right", "wrong", "late", "used_up", "none"]
"""wrong: it may be tried again; late, used_up: another code may be sent; none: none was sent."""


def make_code(connection: Connection, keys: KeyStore, act: OwnAct, read_aloud_by: str, wall: datetime) -> str:
    """A new code for an act, in a transaction that holds the right to write; the one before opens nothing any more.

    read_aloud_by: who says that they read the table of all costs aloud. Raises Conflict after MOST_CODES, and
    UsageError where nobody says so.
    """
    enforce_said(read_aloud_by=read_aloud_by)
    if codes_left(connection, act) <= 0:
        raise Conflict(
            f"{MOST_CODES} codes were sent for this order.",
            "No more are sent.",
            "The customer opens the link, or orders in the app or at a branch.",
        )
    code = f"{secrets.randbelow(10**6):06}"
    row = {
        "act_id": act.act_id,
        "customer_id": act.customer_id,
        "code_hash": _hash(keys, act, code),
        "read_aloud_by": read_aloud_by,
        "made_at": wall,
        "tries": 0,
    }
    connection.execute(insert(one_time_codes).values(row))
    return code


def try_code(connection: Connection, keys: KeyStore, act: OwnAct, code: str, wall: datetime) -> Tried:
    """Try what the customer read back against the latest code, and count it before it is compared.

    The transaction must commit also where it is not right: else nothing would be counted.
    """
    row = connection.execute(_latest(act)).first()
    if row is None:
        return "none"
    # A clock that was set back makes no code younger than new.
    if abs(wall - row.made_at) > CODE_LIFE:
        return "late"
    if row.tries >= MOST_TRIES:
        return "used_up"
    counted = update(one_time_codes).where(one_time_codes.c.sequence == row.sequence)
    connection.execute(counted.values(tries=row.tries + 1))
    if row.code_hash and hmac.compare_digest(row.code_hash, _hash(keys, act, "".join(code.split()))):
        return "right"
    return "used_up" if row.tries + 1 >= MOST_TRIES else "wrong"


def codes_of(connection: Connection, act: OwnAct) -> list[dict[str, Any]]:
    """When codes for an act were made, who said that the costs were read aloud, and how often each was tried."""
    return [
        {"made_at": row.made_at.isoformat(timespec="seconds"), "read_aloud_by": row.read_aloud_by, "tries": row.tries}
        for row in reversed(connection.execute(_latest(act)).all())
    ]


def codes_left(connection: Connection, act: OwnAct) -> int:
    """How many codes may still be sent."""
    return MOST_CODES - len(connection.execute(_latest(act)).all())


def tries_left(connection: Connection, act: OwnAct, wall: datetime) -> int:
    """How often the latest code may still be tried; 0 where there is none, or its time is over."""
    row = connection.execute(_latest(act)).first()
    return 0 if row is None or abs(wall - row.made_at) > CODE_LIFE else max(0, MOST_TRIES - row.tries)


def _latest(act: OwnAct) -> Any:
    return (
        select(one_time_codes).where(one_time_codes.c.act_id == act.act_id).order_by(one_time_codes.c.sequence.desc())
    )


def _hash(keys: KeyStore, act: OwnAct, code: str) -> str:
    return keys.lookup(f"one-time code of {act.act_id}: {code}")
