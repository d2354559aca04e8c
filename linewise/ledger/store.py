"""Opening the ledger: one engine, durable before it answers, safe for several workers."""

import weakref
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect

from linewise.core.errors import NotReady
from linewise.core.home import Home
from linewise.ledger.schema import SCHEMA

__all__ = ["Ledger", "open_ledger"]

LOCK_WAIT_SECONDS = 10


class Ledger:
    """A handle on the ledger's database, shared by the functions of this room."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Whoever forgets to close gives the connections back all the same.
        weakref.finalize(self, engine.dispose)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _durable(connection: Any, _record: Any) -> None:
    # A write-ahead log lets readers go on while one worker writes; FULL makes a commit survive a power cut.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _enforce_schema(engine: Engine, path: Path) -> None:
    """A record written under another layout is refused before anything is read wrongly or written beside it."""
    found = inspect(engine)
    for table in SCHEMA.sorted_tables:
        columns = {column["name"] for column in found.get_columns(table.name)}
        if columns != set(table.columns.keys()):
            raise NotReady(
                f"The ledger {path} was written by another version of Linewise: its table {table.name!r} differs.",
                f"The columns {', '.join(table.columns.keys())} were expected.",
                "Keep that file with the version that wrote it, and move it out of this home.",
            )


def open_ledger(home: Home) -> Ledger:
    """The ledger of a home; its tables are made where they are missing.

    Raises NotReady where another version of Linewise wrote it.
    """
    path: Path = home.ledger_path
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_WAIT_SECONDS})
    event.listen(engine, "connect", _durable)
    SCHEMA.create_all(engine)
    _enforce_schema(engine, path)
    return Ledger(engine)
