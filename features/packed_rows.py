"""The online store's file: one SQLite row a customer, all features packed as float64; no Feast in here.

Feast's own store keeps a row per customer and feature, 26 kB where this takes half a kilobyte, and takes
minutes to fill where this takes seconds. The definitions of the rows stand beside them, so that a reader
that expects others finds out before it reads a number.
"""

import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PackedReader", "PackedRow", "View", "count_rows", "drop_view", "make_file", "write_rows"]

_TABLES = """
create table if not exists views (
    view text primary key, definitions_hash text not null, feature_names text not null
);
create table if not exists rows (
    view text not null, key text not null, event_us integer not null, packed blob not null,
    primary key (view, key)
);
"""
# A newer row never gives way to an older one, in whatever order two windows are filled.
_UPSERT = """
insert into rows (view, key, event_us, packed) values (?, ?, ?, ?)
on conflict (view, key) do update set event_us = excluded.event_us, packed = excluded.packed
where excluded.event_us >= rows.event_us
"""
_KEYS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class View:
    """One feature view: the definitions its rows were made from and the order of the packed values."""

    name: str
    definitions_hash: str
    feature_names: tuple[str, ...]


# key, event time in microseconds since 1970 UTC, float64 values in native order
PackedRow = tuple[str, int, bytes]


def make_file(path: Path) -> None:
    """Make the file and its tables where they are missing."""
    with _writing(path):
        pass


def write_rows(path: Path, view: View, rows: Iterable[PackedRow]) -> None:
    """Add or renew rows in one transaction; rows of other definitions of the view are removed with it."""
    with _writing(path) as connection:
        if _views(connection).get(view.name) != view:
            connection.execute("delete from rows where view = ?", (view.name,))
            connection.execute(
                "insert or replace into views values (?, ?, ?)",
                (view.name, view.definitions_hash, json.dumps(view.feature_names)),
            )
        connection.executemany(_UPSERT, ((view.name, *row) for row in rows))


def drop_view(path: Path, name: str) -> None:
    """Remove a view and its rows."""
    with _writing(path) as connection:
        connection.execute("delete from rows where view = ?", (name,))
        connection.execute("delete from views where view = ?", (name,))


def count_rows(path: Path, name: str) -> int:
    """How many rows the view holds; 0 where there is no file."""
    if not path.is_file():
        return 0
    with closing(_open_read_only(path)) as connection:
        if name not in _views(connection):
            return 0
        counted = connection.execute("select count(*) from rows where view = ?", (name,)).fetchone()
    return int(counted[0])


class PackedReader:
    """Reads rows while others may write or replace the file; safe to share between threads.

    Each thread keeps its own connection and opens it again when the file is another or has changed, so a
    store filled beside the live one and renamed over it is seen by the very next read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = os.fspath(path)
        self._local = threading.local()

    def read(self, name: str, keys: Sequence[str]) -> tuple[View | None, dict[str, tuple[int, bytes]]]:
        """The view as it was last written (None where file or view are missing), and its rows that are there.

        The rows are event time and packed values by key.
        """
        opened = self._opened()
        view = None if opened is None else opened.views.get(name)
        if opened is None or view is None:
            return None, {}
        found: dict[str, tuple[int, bytes]] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            some = keys[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(some))
            query = f"select key, event_us, packed from rows where view = ? and key in ({marks})"  # noqa: S608
            for key, event_us, packed in opened.connection.execute(query, (name, *some)):
                found[key] = (event_us, packed)
        return view, found

    def _opened(self) -> "_Opened | None":
        try:
            status = os.stat(self._name)  # noqa: PTH116  a third of the time of Path.stat, paid at each read
        except FileNotFoundError:
            return None
        mark = (status.st_ino, status.st_mtime_ns, status.st_size)
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is None or opened.mark != mark:
            self._local.opened = opened = _Opened(self.path, mark)
        return opened


class _Opened:
    """One thread's connection to one state of the file; closed when nothing refers to it any more."""

    def __init__(self, path: Path, mark: tuple[int, int, int]) -> None:
        self.connection, self.mark = _open_read_only(path), mark
        weakref.finalize(self, self.connection.close)
        self.views = _views(self.connection)


def _views(connection: sqlite3.Connection) -> dict[str, View]:
    # SQLite takes an empty file for a database without tables.
    if connection.execute("select 1 from sqlite_master where name = 'views'").fetchone() is None:
        return {}
    rows = connection.execute("select view, definitions_hash, feature_names from views")
    return {row[0]: View(row[0], row[1], tuple(json.loads(row[2]))) for row in rows}


def _open_read_only(path: Path) -> sqlite3.Connection:
    # A thread's connection is closed by whichever thread collects it, hence the relaxed check.
    address = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, check_same_thread=False, timeout=10)


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.executescript(_TABLES)
        with connection:
            yield connection
