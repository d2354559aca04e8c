"""Reading the online store: one generation held while it is read, and the live one followed from call to call."""

import fcntl
import os
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path

from features.generations import generation_path, live_id
from features.packed_rows import Filled, filled_views, open_packed

__all__ = ["Generation", "PackedReader"]

_ONE = "select event_us, packed from rows where view = ? and key = ?"
_BETWEEN = "select key, event_us, packed from rows where view = ? and key between ? and ? limit ?"
_KEYS_A_QUERY = 500
_MOST_A_KEY = 2
"""Rows that a look over a range may find for each key asked for before it is given up."""


class Generation:
    """One generation, held as long as anything refers to it: its file stays, and its rows are of one filling.

    Safe to share between threads; each has its own connection.
    """

    def __init__(self, folder: Path, generation_id: str) -> None:
        self.id = generation_id
        self._path = generation_path(folder, generation_id)
        handle = os.open(self._path, os.O_RDONLY)
        weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)
        # Removed between the look and the lock, it is nobody's any more, and its name may not be opened again.
        if not os.path.samestat(os.stat(self._path), os.fstat(handle)):  # noqa: PTH116  beside fstat
            raise FileNotFoundError(self._path)
        self._local = threading.local()
        self.views: dict[str, Filled] = filled_views(self._connection())

    def row(self, name: str, key: str) -> tuple[int, bytes] | None:
        """Event time and packed values of one key; None where the view or the key is not there."""
        filled = self.views.get(name)
        if filled is None:
            return None
        found: tuple[int, bytes] | None = self._connection().execute(_ONE, (filled.id, key)).fetchone()
        return found

    def rows(self, name: str, keys: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Event time and packed values by key, of the keys that are there; of many keys some between them too."""
        filled = self.views.get(name)
        found: dict[str, tuple[int, bytes]] = {}
        if filled is None:
            return found
        connection = self._connection()
        if len(keys) > _KEYS_A_QUERY:
            # A frame of a base asks for neighbours: one look from the first to the last finds them all.
            most = _MOST_A_KEY * len(keys)
            span = (filled.id, min(keys), max(keys), most + 1)
            neighbours = connection.execute(_BETWEEN, span).fetchall()
            if len(neighbours) <= most:
                return {key: (event_us, packed) for key, event_us, packed in neighbours}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            some = keys[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(some))
            query = f"select key, event_us, packed from rows where view = ? and key in ({marks})"  # noqa: S608
            for key, event_us, packed in connection.execute(query, (filled.id, *some)):
                found[key] = (event_us, packed)
        return found

    def _connection(self) -> sqlite3.Connection:
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is None:
            self._local.opened = opened = _Opened(self._path)
        return opened.connection


class _Opened:
    """One thread's connection; closed when nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        self.connection = open_packed(path)
        weakref.finalize(self, self.connection.close)


class PackedReader:
    """Follows the pointer: each call to `generation` gives the one that is live then; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: Generation | None = None

    def generation(self) -> Generation | None:
        """The live generation, held by whoever keeps it; None where the store was never filled."""
        generation_id, seen = live_id(self.folder), self._seen
        if generation_id is None or (seen is not None and seen.id == generation_id):
            return None if generation_id is None else seen
        with self._lock:
            return self._opened()

    def _opened(self) -> Generation | None:
        tried = None
        while (generation_id := live_id(self.folder)) is not None and generation_id != tried:
            if self._seen is not None and self._seen.id == generation_id:
                return self._seen
            try:
                self._seen = Generation(self.folder, generation_id)
            except FileNotFoundError:
                # Gone since the pointer was read: the pointer has moved on, or the file is lost.
                tried = generation_id
        return None
