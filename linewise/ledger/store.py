"""Opening the ledger: durable before it answers, safe for several workers, its keys and its outside at hand."""

import importlib
import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from linewise.core.errors import LinewiseError, SettingsInvalid
from linewise.core.home import Home
from linewise.core.settings import Settings
from linewise.ledger.decision_tables import segments
from linewise.ledger.group_commit import Writer
from linewise.ledger.keys import FileKeys, KeyStore
from linewise.ledger.layout import make_tables
from linewise.ledger.transactions import Database, Readers
from linewise.ledger.turns import Turn

__all__ = ["Ledger", "ledger_of", "open_ledger"]


class Ledger:
    """A handle on the ledger's database, shared by the functions of this room; safe for several threads."""

    def __init__(self, database: Database, keys: KeyStore, outside: Path) -> None:
        self.database, self.keys, self.outside = database, keys, outside
        self.engine: Engine = database.engine
        self.writer = Writer(database, keys, outside)
        self._look, self._readers = threading.local(), Readers(database)
        # Whoever forgets to close ends its segment and gives the connections back all the same.
        self._ending = weakref.finalize(self, _end_quietly, database, self.writer, self._readers)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by; within another `reading` of the same thread it is that one, as of its moment.

        What is read inside one block belongs together, and what is written meanwhile is seen from the next one on.
        To borrow a connection and begin costs more than most of what a decision reads.
        """
        held: Connection | None = getattr(self._look, "connection", None)
        if held is not None:
            yield held
            return
        with self._readers.reading() as connection:
            self._look.connection = connection
            try:
                yield connection
            finally:
                self._look.connection = None

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that holds the right to write from its start, so that what it reads stays true."""
        return self.database.writing()

    def turn(self) -> Turn:
        """A turn among the threads of this process: whoever computes much before they write takes one."""
        return self.writer.turns.turn()

    def close(self) -> None:
        """Seal the segment of this writer and give back all connections."""
        self._ending.detach()
        try:
            self.writer.close()
        finally:
            self._readers.give_back()
            self.engine.dispose()


def _end_quietly(database: Database, writer: Writer, readers: Readers) -> None:
    # At the end of a process nobody is left to be told; what is unsealed is witnessed by the next writer.
    with suppress(OSError, SQLAlchemyError, LinewiseError):
        if database.path.exists():
            writer.close()
        readers.give_back()
    database.engine.dispose()


def open_ledger(home: Home, *, keys: KeyStore | None = None, checkpoints: Path | None = None) -> Ledger:
    """The ledger of a home; its tables are made where they are missing.

    keys: who holds the keys of the record (default: the home's own file). checkpoints: the folder for what
    is written outside the database (default: the home's). Raises NotReady where another version of Linewise
    wrote the ledger.
    """
    home.ledger_path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(home.ledger_path)
    make_tables(database)

    def holds_nothing() -> bool:
        with database.engine.connect() as connection:
            return connection.execute(select(segments.c.segment_id).limit(1)).first() is None

    return Ledger(database, keys or FileKeys(home.keys_path, holds_nothing), checkpoints or home.checkpoints_dir)


def ledger_of(settings: Settings) -> Ledger:
    """The ledger that the settings ask for, with their key store and their folder for checkpoints.

    Raises SettingsInvalid where profile 'production' names no key service, or one that cannot be used.
    """
    return open_ledger(settings.paths, keys=_key_service(settings), checkpoints=settings.checkpoints)


def _key_service(settings: Settings) -> KeyStore | None:
    if settings.key_service is None:
        if settings.profile == "production":
            raise SettingsInvalid(
                "The profile is 'production', and no key service is set.",
                "A key file beside the data that it opens is for the embedded profile alone.",
                "Set key_service = 'module:function' to what gives a linewise.ledger.keys.KeyStore.",
            )
        return None
    module, _, function = settings.key_service.partition(":")
    try:
        made: KeyStore = getattr(importlib.import_module(module), function)()
    except (ImportError, AttributeError, TypeError, ValueError) as err:
        raise SettingsInvalid(
            f"The setting key_service = {settings.key_service!r} cannot be used: {err}.",
            "'module:function' was expected, a function that gives a linewise.ledger.keys.KeyStore.",
        ) from err
    return made
