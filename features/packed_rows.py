"""One generation of the online store as a file: a SQLite row a customer, all features packed as float64.

Feast's own store keeps a row per customer and feature, 26 kB where this takes one, and takes minutes to fill where
this takes seconds. Beside the rows stands what they are: the definitions, the window that they were filled from, how
many there are and when they were filled. A file is written once, as a draft, and read ever after.
"""

import errno
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linewise.core.moments import from_microseconds, microseconds

__all__ = ["Filled", "PackedRow", "PackedWriter", "View", "filled_views", "open_packed", "writing"]

_TABLES = """
create table if not exists views (
    id integer primary key, name text not null unique, definitions_hash text not null, feature_names text not null,
    from_us integer not null, until_us integer not null, filled_us integer not null, row_count integer not null
);
create table if not exists rows (
    view integer not null, key text not null, event_us integer not null, packed blob not null,
    primary key (view, key)
);
"""
# Nobody reads a draft, and one that is interrupted is thrown away: it needs neither a journal nor a sync a page.
_AS_A_DRAFT = """
pragma page_size = 8192;
pragma journal_mode = off;
pragma synchronous = off;
pragma locking_mode = exclusive;
pragma cache_size = -65536;
"""
# A newer row never gives way to an older one, in whatever order they come.
_UPSERT = """
insert into rows (view, key, event_us, packed) values (?, ?, ?, ?)
on conflict (view, key) do update set event_us = excluded.event_us, packed = excluded.packed
where excluded.event_us >= rows.event_us
"""


@dataclass(frozen=True, slots=True)
class View:
    """One feature view: the definitions its rows were made from and the order of the packed values."""

    name: str
    definitions_hash: str
    feature_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A view as it lies in a file: what it is, the window of event times it was filled from, and when."""

    id: int
    view: View
    window: tuple[datetime, datetime]
    filled_at: datetime
    rows: int


# key, event time in microseconds since 1970 UTC, float64 values in native order
PackedRow = tuple[str, int, bytes]


class PackedWriter:
    """Writes the views and rows of one draft, in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, view: View, window: tuple[datetime, datetime], filled_at: datetime) -> int:
        """The id of the view's rows; those of its former definitions go, those of the same stay.

        A window that adds to an earlier one spans both.
        """
        there = filled_views(self._connection).get(view.name)
        if there is not None and there.view != view:
            self.drop(view.name)
            there = None
        first, last = window
        if there is not None:
            first, last = min(first, there.window[0]), max(last, there.window[1])
        self._connection.execute(
            "insert into views (name, definitions_hash, feature_names, from_us, until_us, filled_us, row_count)"
            " values (?, ?, ?, ?, ?, ?, 0) on conflict (name) do update"
            " set from_us = excluded.from_us, until_us = excluded.until_us, filled_us = excluded.filled_us",
            (
                view.name,
                view.definitions_hash,
                json.dumps(view.feature_names),
                *(microseconds(moment) for moment in (first, last, filled_at)),
            ),
        )
        return filled_views(self._connection)[view.name].id

    def add(self, view_id: int, rows: Iterable[PackedRow]) -> None:
        """Add or renew rows; in order of key they are written fastest."""
        self._connection.executemany(_UPSERT, ((view_id, *row) for row in rows))

    def keep_before(self, view_id: int, former: Path, moment: datetime) -> None:
        """Take over rows of the same definitions from before `moment` where there is no newer one; the window grows."""
        with closing(open_packed(former)) as source:
            mine, theirs = filled_views(self._connection), filled_views(source)
            view = next(one.view for one in mine.values() if one.id == view_id)
            if view.name not in theirs or theirs[view.name].view != view:
                return
            query = "select key, event_us, packed from rows where view = ? and event_us < ? order by key"
            self.add(view_id, source.execute(query, (theirs[view.name].id, microseconds(moment))))
            first = microseconds(theirs[view.name].window[0])
            self._connection.execute("update views set from_us = min(from_us, ?) where id = ?", (first, view_id))

    def keep_others(self, name: str, former: Path) -> None:
        """Take over the views of other names with their rows."""
        with closing(open_packed(former)) as source:
            for other in filled_views(source).values():
                if other.view.name != name:
                    view_id = self.begin(other.view, other.window, other.filled_at)
                    query = "select key, event_us, packed from rows where view = ? order by key"
                    self.add(view_id, source.execute(query, (other.id,)))

    def drop(self, name: str) -> None:
        """Remove a view and its rows."""
        self._connection.execute("delete from rows where view = (select id from views where name = ?)", (name,))
        self._connection.execute("delete from views where name = ?", (name,))

    def count(self) -> dict[str, int]:
        """Count the rows of each view, by its name, and write the counts beside them."""
        self._connection.execute("update views set row_count = (select count(*) from rows where rows.view = views.id)")
        return {name: filled.rows for name, filled in filled_views(self._connection).items()}


@contextmanager
def writing(draft: Path) -> Iterator[PackedWriter]:
    """Write to a draft, new or a copy of a generation; what was written is on the disk when the block has ended.

    Raises OSError (ENOSPC) where the disk is full.
    """
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(_AS_A_DRAFT + _TABLES)
            with connection:
                writer = PackedWriter(connection)
                yield writer
                writer.count()
    except sqlite3.OperationalError as err:
        if err.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(draft)) from err
        raise
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def open_packed(path: Path) -> sqlite3.Connection:
    """Open a generation for reading. It never changes, so SQLite neither locks it nor looks whether it has."""
    address = f"{path.resolve().as_uri()}?immutable=1"
    # A thread's connection is closed by whichever thread collects it, hence the relaxed check.
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def filled_views(connection: sqlite3.Connection) -> dict[str, Filled]:
    """The views of a file by name; none where it is empty, which SQLite takes for a database without tables."""
    if connection.execute("select 1 from sqlite_master where name = 'views'").fetchone() is None:
        return {}
    query = "select id, name, definitions_hash, feature_names, from_us, until_us, filled_us, row_count from views"
    return {
        name: Filled(
            view_id,
            View(name, definitions_hash, tuple(json.loads(names))),
            (from_microseconds(first), from_microseconds(last)),
            from_microseconds(filled),
            rows,
        )
        for view_id, name, definitions_hash, names, first, last, filled, rows in connection.execute(query)
    }
