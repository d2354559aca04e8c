"""Tries to sign in, counted for all workers: the more failed, the longer the next one waits; ten and it is locked."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from linewise.ledger.access_tables import sign_in_tries
from linewise.ledger.store import Ledger

__all__ = ["LOCKED_FOR", "MOST_FAILURES", "forgive", "note_try"]

FREE_FAILURES = 3
MOST_FAILURES = 10
MOST_OF_ADDRESS = 100
"""A call centre may come from one address; nobody mistypes a hundred passwords in a quarter of an hour."""

LOCKED_FOR = timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=1)


def note_try(ledger: Ledger, name: str, address: str, now: datetime) -> int:
    """Note a try before the password is looked at; gives the seconds to wait instead, 0 where it may go on.

    Noted first and forgiven when it succeeds, so that many at once are counted too. A try that is told to wait
    is not noted: who asks in vain does not lengthen it. Whether anybody has that name makes no difference.
    """
    token = _token(ledger, name)
    with ledger.writing() as connection:
        wait = max(
            _wait(*_failures(connection, sign_in_tries.c.name_token == token, now), now),
            _wait_of_address(*_failures(connection, sign_in_tries.c.address == address, now), now),
        )
        if wait > timedelta(0):
            return -(-wait // timedelta(seconds=1))
        connection.execute(delete(sign_in_tries).where(sign_in_tries.c.at < now - FORGOTTEN_AFTER))
        connection.execute(insert(sign_in_tries).values(name_token=token, address=address, at=now))
    return 0


def forgive(ledger: Ledger, name: str) -> None:
    """Forget the failures of a name: its holder has signed in, or an operator lets them try again."""
    with ledger.writing() as connection:
        connection.execute(delete(sign_in_tries).where(sign_in_tries.c.name_token == _token(ledger, name)))


def _token(ledger: Ledger, name: str) -> str:
    return ledger.keys.lookup(f"sign-in:{name.casefold()}")


def _failures(connection: Connection, of_it: ColumnElement[bool], now: datetime) -> tuple[int, datetime | None]:
    query = select(func.count(), func.max(sign_in_tries.c.at)).where(of_it, sign_in_tries.c.at > now - LOCKED_FOR)
    count, last = connection.execute(query).one()
    return count, last


def _wait(count: int, last: datetime | None, now: datetime) -> timedelta:
    """How long after `count` failures the next try has to wait: nothing, then 2, 4, 8 … seconds, then locked."""
    if last is None or count < FREE_FAILURES:
        return timedelta(0)
    least = LOCKED_FOR if count >= MOST_FAILURES else min(LONGEST_WAIT, timedelta(seconds=2 ** (count - 2)))
    return max(timedelta(0), last + least - now)


def _wait_of_address(count: int, last: datetime | None, now: datetime) -> timedelta:
    return max(timedelta(0), last + LOCKED_FOR - now) if last is not None and count >= MOST_OF_ADDRESS else timedelta(0)
