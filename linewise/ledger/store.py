"""Opening the ledger: one engine, durable before it answers, safe for several workers."""

import weakref
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

from linewise.core.home import Home
from linewise.ledger.layout import make_tables

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


def open_ledger(home: Home) -> Ledger:
    """The ledger of a home; its tables are made where they are missing.

    Raises NotReady where another version of Linewise wrote it.
    """
    path: Path = home.ledger_path
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_WAIT_SECONDS})
    event.listen(engine, "connect", _durable)
    make_tables(engine, path)
    return Ledger(engine)
