"""Group commit: whoever comes while a commit is under way shares the next one."""

import os
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import OperationalError

from linewise.core.errors import NotReady, RecordFull
from linewise.ledger.chain import Tip, link_of
from linewise.ledger.customers import Customers
from linewise.ledger.decision_tables import decisions, record_events
from linewise.ledger.entries import Call
from linewise.ledger.keys import KeyStore
from linewise.ledger.prepared import Prepared
from linewise.ledger.segments import Segment
from linewise.ledger.transactions import Database, HeldConnection
from linewise.ledger.turns import Turn, Turns

__all__ = ["Writer"]


class Writer:
    """Writes entries to the chain of this process, several calls to a transaction.

    A call waits its turn to lead. Who leads takes every call that has come meanwhile into one transaction;
    who finds its own call done has nothing left to do. `write` returns after its commit and never before.
    """

    def __init__(self, database: Database, keys: KeyStore, outside: Path) -> None:
        dialect = database.engine.dialect
        self.customers = Customers(keys, dialect)
        self._database, self._keys, self._outside = database, keys, outside
        self._parents: HeldConnection | None = None
        self._inserts = {table: Prepared(insert(table), dialect) for table in (decisions, record_events)}
        self._start_anew()

    def _start_anew(self) -> None:
        self._process = os.getpid()
        self._segment: Segment | None = None
        self._connection = HeldConnection(self._database)
        self._waiting: list[Call] = []
        self._leading, self._queue = threading.Lock(), threading.Lock()
        self.turns = Turns()

    def write(self, call: Call) -> None:
        """Write the entries of a call, all or none, and return once they are durable.

        Raises what its own entries raise; the calls that shared the transaction do not notice. Raises
        RecordFull where the disk is full: then none of the waiting calls is written.
        """
        if self._process != os.getpid():
            # A forked child: the segment, and whatever waits, is the parent's. So is the connection, which is kept,
            # for to close it here would undo what the parent may have begun on it.
            self._parents = self._connection
            self._start_anew()
        with self._queue:
            self._waiting.append(call)
        with self._leading:
            if not call.is_done:
                with self.turns.turn(is_first=True) as turn:
                    with self._queue:
                        calls, self._waiting = self._waiting, []
                    self._lead(calls, turn)
        if call.error is not None:
            raise call.error

    def close(self) -> None:
        """End the segment with its last checkpoint; a later write begins another one."""
        if self._process != os.getpid():
            return
        with self._leading:
            self._connection.give_back()
            if self._segment is not None:
                with self._database.told_plainly():
                    self._segment.close()
                self._segment = None

    def _lead(self, calls: Sequence[Call], turn: Turn) -> None:
        try:
            self._commit(calls, turn)
        except (RecordFull, NotReady) as err:
            # The disk, the lock, the keys: nothing of a single call, so it is told to all.
            self._fail(calls, err)
        except (OSError, OperationalError) as err:
            # Whether it was committed is not certain, so nothing more is chained behind it.
            self._segment = None
            self._fail(calls, err)
        except Exception as err:  # noqa: BLE001  one call's mistake is that call's alone
            if len(calls) == 1:
                self._fail(calls, err)
            else:
                for call in calls:
                    self._lead([call], turn)
        except BaseException as err:
            self._segment = None
            self._fail(calls, err)
            raise
        finally:
            for call in calls:
                call.is_done = True

    @staticmethod
    def _fail(calls: Sequence[Call], err: BaseException) -> None:
        for call in calls:
            call.error = err

    def _commit(self, calls: Sequence[Call], turn: Turn) -> None:
        if self._segment is None or self._segment.is_due():
            with self._database.told_plainly():
                self._segment = self._segment or Segment(self._database, self._keys, self._outside)
                self._segment.seal_if_due()
        with self._connection.writing() as connection:
            tip = self._write(connection, calls, self._segment.tip)
            # The disk is waited for without it.
            turn.over()
        self._segment.tip = tip

    def _write(self, connection: Connection, calls: Sequence[Call], tip: Tip) -> Tip:
        named = (entry.customer_id for call in calls for entry in call.entries)
        keys = self.customers.find_or_make(connection, [one for one in named if one is not None])
        rows: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
        for call in calls:
            for entry in call.entries:
                key = None if entry.customer_id is None else keys[entry.customer_id]
                row, body = entry.sealed(key)
                sequence = tip.sequence + 1
                tip = Tip(tip.segment_id, sequence, link_of(tip.head, tip.segment_id, sequence, body))
                row |= {"segment_id": tip.segment_id, "sequence": sequence, "link": tip.head}
                rows[entry.table].append(row)
        for table, written in rows.items():
            self._inserts[table].write(connection, written)
        for call in calls:
            if call.beside is not None:
                call.beside(connection, keys)
        return tip
