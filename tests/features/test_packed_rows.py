"""The file of a generation: rows bit by bit, what they are beside them, and what is taken over from a former one."""

import errno
import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from features.packed_rows import Filled, PackedRow, View, filled_views, open_packed, writing
from linewise.core.moments import from_microseconds, microseconds

VIEW = View("v", "hash one", ("x", "y"))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WINDOW = (NOON - DAY, NOON)


def row(key: str, event_us: int, *values: float) -> PackedRow:
    return key, event_us, struct.pack(f"={len(values)}d", *values)


def written(path: Path, view: View, rows: Iterable[PackedRow], window: tuple[datetime, datetime] = WINDOW) -> Path:
    with writing(path) as writer:
        writer.add(writer.begin(view, window, NOON), rows)
    return path


def held(path: Path) -> dict[str, dict[str, tuple[int, bytes]]]:
    """Rows by view and key."""
    with closing(open_packed(path)) as connection:
        query = "select key, event_us, packed from rows where view = ?"
        return {
            name: {key: (event_us, packed) for key, event_us, packed in connection.execute(query, (filled.id,))}
            for name, filled in filled_views(connection).items()
        }


def told(path: Path) -> dict[str, Filled]:
    with closing(open_packed(path)) as connection:
        return filled_views(connection)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.db"


def test_a_row_is_read_back_bit_by_bit(path: Path) -> None:
    rows = [row("c1", 7, 0.1, -0.0), row("c2", 8, float("nan"), 2**53)]
    assert held(written(path, VIEW, rows)) == {"v": {key: (event_us, packed) for key, event_us, packed in rows}}


def test_a_file_says_what_it_holds_since_when_and_how_many(path: Path) -> None:
    written(path, VIEW, [row("c1", 7, 1, 2), row("c2", 8, 1, 2)])
    assert told(path) == {"v": Filled(1, VIEW, WINDOW, NOON, 2)}


def test_an_older_row_does_not_take_the_place_of_a_newer_one(path: Path) -> None:
    written(path, VIEW, [row("c1", 20, 2, 2), row("c1", 10, 1, 1)])
    assert held(path)["v"]["c1"] == row("c1", 20, 2, 2)[1:]
    written(path, VIEW, [row("c1", 20, 3, 3)])
    assert held(path)["v"]["c1"] == row("c1", 20, 3, 3)[1:]


def test_rows_of_other_definitions_go_and_a_further_window_of_the_same_adds_to_the_first(path: Path) -> None:
    written(path, VIEW, [row("c1", 1, 1, 1), row("c2", 1, 1, 1)])
    written(path, VIEW, [row("c3", 1, 1, 1)], (NOON, NOON + DAY))
    assert (told(path)["v"].rows, told(path)["v"].window) == (3, (NOON - DAY, NOON + DAY))
    other = View("v", "hash two", ("x",))
    written(path, other, [row("c1", 1, 9)])
    assert (told(path)["v"].view, told(path)["v"].window, set(held(path)["v"])) == (other, WINDOW, {"c1"})


def test_rows_from_before_the_window_are_taken_over_where_there_is_no_newer_one(tmp_path: Path) -> None:
    before, within = microseconds(NOON - 2 * DAY), microseconds(NOON)
    former = written(
        tmp_path / "former.db",
        VIEW,
        [row("old", before, 1, 1), row("renewed", before, 1, 1), row("gone", within, 1, 1)],
        (NOON - 3 * DAY, NOON),
    )
    with writing(tmp_path / "new.db") as writer:
        view_id = writer.begin(VIEW, WINDOW, NOON)
        writer.add(view_id, [row("renewed", within, 2, 2)])
        writer.keep_before(view_id, former, WINDOW[0])
    assert held(tmp_path / "new.db")["v"] == {"renewed": row("", within, 2, 2)[1:], "old": row("", before, 1, 1)[1:]}
    assert told(tmp_path / "new.db")["v"].window == (NOON - 3 * DAY, NOON)


def test_nothing_of_other_definitions_is_taken_over_and_all_of_other_views(tmp_path: Path) -> None:
    former = written(tmp_path / "former.db", View("v", "hash two", ("x", "y")), [row("c1", 0, 1, 1)])
    written(former, View("w", "hash", ("z",)), [row("c1", 0, 5)])
    with writing(tmp_path / "new.db") as writer:
        view_id = writer.begin(VIEW, WINDOW, NOON)
        writer.keep_before(view_id, former, NOON)
        writer.keep_others("v", former)
    assert held(tmp_path / "new.db") == {"v": {}, "w": {"c1": row("", 0, 5)[1:]}}


def test_a_dropped_view_is_gone(path: Path) -> None:
    written(path, VIEW, [row("c1", 1, 1, 1)])
    with writing(path) as writer:
        writer.drop("v")
    assert held(path) == {}


def test_a_full_disk_is_told_as_one(path: Path) -> None:
    with pytest.raises(OSError) as caught, writing(path) as writer:
        # As many pages as the file has already: the next one finds no room.
        writer._connection.execute("pragma max_page_count = 1")
        writer.add(writer.begin(VIEW, WINDOW, NOON), (row(f"c{n}", 1, 1, 1) for n in range(10_000)))
    assert caught.value.errno == errno.ENOSPC


def test_an_empty_file_holds_no_view_and_anything_else_is_no_store(path: Path) -> None:
    path.write_bytes(b"")
    assert told(path) == {}
    path.write_bytes(b"this is no database, whatever its name says" * 99)
    with pytest.raises(sqlite3.DatabaseError):
        told(path)


def test_microseconds_go_there_and_back() -> None:
    odd = datetime(2026, 6, 1, 12, 34, 56, 789_013, tzinfo=UTC)
    assert from_microseconds(microseconds(odd)) == odd
