"""Following calls from any process: whether the ledger changed, and what was told after the last event seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.calls import Told, told_of
from linewise.ledger.prepared import run_by_driver
from linewise.ledger.store import Ledger

__all__ = ["CallWatch", "Followed", "calls_named", "last_sequence", "told_after"]

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Followed:
    """An event and the call that it is of."""

    call_id: str
    told: Told


class CallWatch:
    """Asks whether anything was written to the ledger since it was last asked, by a connection of its own.

    SQLite counts the changes of others in its shared memory, so asking costs microseconds and reads no table. Other
    databases are asked for the number of the last event. Not for several threads at once.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._connection: Connection | None = None
        self._seen: int | None = None

    def has_changed(self) -> bool:
        """Whether something changed; so it is said the first time."""
        if self._ledger.engine.dialect.name == "sqlite":
            self._connection = self._connection or self._ledger.database.hold()
            now = int(run_by_driver(self._connection, "PRAGMA data_version").fetchone()[0])
        else:
            now = last_sequence(self._ledger)
        before, self._seen = self._seen, now
        return before != now

    def close(self) -> None:
        """Give the connection back."""
        held, self._connection = self._connection, None
        if held is not None:
            held.close()


def last_sequence(ledger: Ledger) -> int:
    """The place of the last event of all calls; 0 before the first."""
    with ledger.engine.connect() as connection:
        return int(connection.execute(select(func.max(call_events.c.sequence))).scalar() or 0)


def calls_named(ledger: Ledger, prefix: str) -> Sequence[str]:
    """The ids of all calls that begin so, in order."""
    query = select(calls.c.call_id).where(calls.c.call_id.startswith(prefix, autoescape=True)).order_by(calls.c.call_id)
    with ledger.engine.connect() as connection:
        return list(connection.execute(query).scalars())


def told_after(ledger: Ledger, after: int, *, call_id: str = "", agent_id: str = "") -> Sequence[Followed]:
    """What was told after that place, at most a hundred events: of one call, or of the calls that an agent has.

    Who had a call is told that it was handed over, and nothing of it from then on.
    """
    of_them = call_events.c.call_id == call_id if call_id else _of_agent(agent_id)
    query = (
        select(call_events)
        .join(calls, calls.c.call_id == call_events.c.call_id)
        .where(call_events.c.sequence > after, of_them)
        .order_by(call_events.c.sequence)
        .limit(MOST_AT_ONCE)
    )
    with ledger.engine.connect() as connection:
        return [Followed(row.call_id, told_of(row)) for row in connection.execute(query)]


def _of_agent(agent_id: str) -> ColumnElement[bool]:
    had = select(call_events.c.call_id).where(call_events.c.agent_id == agent_id)
    handed_over = and_(call_events.c.kind == "transferred", call_events.c.call_id.in_(had))
    return or_(calls.c.agent_id == agent_id, handed_over)
