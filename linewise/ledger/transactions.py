"""The ledger's database: durable transactions, readers that never wait, and its troubles in plain words."""

import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from linewise.core.errors import NotReady, RecordFull
from linewise.ledger.prepared import run_by_driver

__all__ = ["Database", "HeldConnection", "Readers"]

LOCK_WAIT_SECONDS = 10
LOOK_EVERY_SECONDS = 0.0005
OPENING = "opening"
"""By which statement a transaction of a connection begins; nothing, where it is begun before SQLAlchemy's own."""
BEGIN_WRITING = "BEGIN IMMEDIATE"


class Database:
    """One SQLite file (PostgreSQL follows) and the folder it lies in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine: Engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_WAIT_SECONDS})
        event.listen(self.engine, "connect", _durable)
        event.listen(self.engine, "begin", _begin)
        # The same connections, told once that their transactions write.
        self._writing = self.engine.execution_options(**{OPENING: BEGIN_WRITING})

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the right to write from its first statement on; committed at the end of the block.

        What it reads stays true until it commits. Raises RecordFull where the disk is full, and NotReady
        where another writer does not let go.
        """
        with self.told_plainly(), self._writing.begin() as connection:
            yield connection

    def hold(self) -> Connection:
        """A connection whose transactions are begun by hand; whoever takes it closes it."""
        return self.engine.connect().execution_options(**{OPENING: ""})

    def keep(self) -> Connection:
        """As `hold`, for good: nobody else is ever lent it, and to close it, which no thread may be in, ends it."""
        connection = self.hold()
        connection.detach()
        return connection

    def empty_log(self) -> None:
        """Carry the write-ahead log over and cut it, so that what was deleted does not go on standing in it.

        Readers may keep a part of it until they are done; the next call finds that part free.
        """
        # Not in a transaction, which SQLAlchemy's own connections always are.
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    @contextmanager
    def told_plainly(self) -> Iterator[None]:
        """A full disk and a lock that is not released as errors that say what to do."""
        try:
            yield
        except OSError as err:
            if err.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise RecordFull(str(self.path)) from err
        except OperationalError as err:
            if self._is_full(err.orig):
                raise RecordFull(str(self.path)) from err
            if _is_busy(err):
                raise NotReady(
                    f"Another process has held the ledger {self.path} for {LOCK_WAIT_SECONDS} seconds.",
                    "A writer that lets go within a moment was expected.",
                    "See which process has the file open, and ask again.",
                ) from err
            raise

    def _is_full(self, error: BaseException | None) -> bool:
        if not isinstance(error, sqlite3.Error):
            return False
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            return True
        # The files beside the database are enlarged by the system, which says no more than "disk I/O error".
        is_disk = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
        return is_disk and shutil.disk_usage(self.path.parent).free < 1 << 17


class HeldConnection:
    """A connection kept between the transactions of one writer: to borrow and return one costs as much as to begin.

    One transaction at a time. After a transaction that failed it is given back, and the next one takes another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction as Database.writing() gives, with the same errors."""
        try:
            if self._connection is None:
                self._connection = self._database.keep()
                # It waits in its own way (below).
                run_by_driver(self._connection, "PRAGMA busy_timeout=0")
            # SQLAlchemy's own transaction costs twice what it does; it is begun inside, where it is needed.
            _begin_writing(self._connection)
            yield self._connection
            if self._connection.in_transaction():
                self._connection.commit()
            else:
                run_by_driver(self._connection, "COMMIT")
        except BaseException:
            with self._database.told_plainly():
                self.give_back()
                raise

    def give_back(self) -> None:
        """Keep no connection any more."""
        held, self._connection = self._connection, None
        if held is not None:
            held.close()


class Readers:
    """Connections kept between looks, as many as there ever were looks at once; safe for several threads.

    To borrow one, to let SQLAlchemy begin and end a transaction and to return it costs more than a decision's reading.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process, self._free = os.getpid(), list[Connection]()
        self._parents: list[Connection] = []

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a transaction that only reads: all as of the moment of its first look."""
        connection = self._taken()
        try:
            run_by_driver(connection, "BEGIN")
            yield connection
            if connection.in_transaction():
                connection.rollback()
            else:
                run_by_driver(connection, "ROLLBACK")
        except BaseException:
            connection.close()
            raise
        self._free.append(connection)

    def _taken(self) -> Connection:
        if self._process != os.getpid():
            # A forked child leaves its parent's connections alone, and keeps them, for to close them would touch them.
            self._process, self._parents, self._free = os.getpid(), self._free, []
        try:
            return self._free.pop()
        except IndexError:
            return self._database.keep()

    def give_back(self) -> None:
        """Keep none any more."""
        if self._process == os.getpid():
            while self._free:
                self._free.pop().close()


def _durable(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins transactions itself (below), so that savepoints and reads belong to them.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A write-ahead log lets readers go on while one worker writes; FULL makes a commit survive a power cut.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    # What is deleted, a customer's key above all, is overwritten and not only forgotten.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_writing(connection: Connection) -> None:
    """Begin as soon as nobody else writes, looked at every half a millisecond.

    SQLite itself sleeps longer each time that it finds somebody writing, up to a tenth of a second: of two processes
    that write all the time the one waits while the other comes and goes.
    """
    until = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            run_by_driver(connection, BEGIN_WRITING)
            return
        except OperationalError as err:
            if not _is_busy(err) or time.monotonic() > until:
                raise
        time.sleep(LOOK_EVERY_SECONDS)


def _is_busy(err: OperationalError) -> bool:
    return isinstance(err.orig, sqlite3.Error) and err.orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _begin(connection: Connection) -> None:
    # Whoever reads first and writes later would be refused at once if another one wrote in between.
    opening = connection.get_execution_options().get(OPENING, "BEGIN")
    if opening:
        run_by_driver(connection, opening)
