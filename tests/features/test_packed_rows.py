"""The packed file: upserts, definitions, and readers that see a change at once."""

import struct
from pathlib import Path
from threading import Thread

import pytest

from features.packed_rows import PackedReader, PackedRow, View, count_rows, drop_view, make_file, write_rows

VIEW = View("v", "hash one", ("x", "y"))


def row(key: str, event_us: int, *values: float) -> PackedRow:
    return key, event_us, struct.pack(f"={len(values)}d", *values)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "online.db"


def test_a_row_is_read_back_bit_by_bit(path: Path) -> None:
    write_rows(path, VIEW, [row("c1", 7, 0.1, -0.0), row("c2", 8, float("nan"), 2**53)])
    view, found = PackedReader(path).read("v", ["c1", "c2", "c3"])
    assert view == VIEW
    assert found == {"c1": row("c1", 7, 0.1, -0.0)[1:], "c2": row("c2", 8, float("nan"), 2**53)[1:]}


def test_an_older_row_does_not_take_the_place_of_a_newer_one(path: Path) -> None:
    write_rows(path, VIEW, [row("c1", 20, 2, 2)])
    write_rows(path, VIEW, [row("c1", 10, 1, 1)])
    assert PackedReader(path).read("v", ["c1"])[1]["c1"] == row("c1", 20, 2, 2)[1:]
    write_rows(path, VIEW, [row("c1", 20, 3, 3)])
    assert PackedReader(path).read("v", ["c1"])[1]["c1"] == row("c1", 20, 3, 3)[1:]


def test_rows_of_other_definitions_go_when_the_first_of_the_new_ones_comes(path: Path) -> None:
    write_rows(path, VIEW, [row("c1", 1, 1, 1), row("c2", 1, 1, 1)])
    other = View("v", "hash two", ("x",))
    write_rows(path, other, [row("c1", 1, 9)])
    view, found = PackedReader(path).read("v", ["c1", "c2"])
    assert (view, set(found), count_rows(path, "v")) == (other, {"c1"}, 1)


def test_more_keys_than_one_query_holds(path: Path) -> None:
    keys = [f"c{number}" for number in range(1_201)]
    write_rows(path, VIEW, (row(key, 1, 1, 2) for key in keys))
    assert set(PackedReader(path).read("v", keys)[1]) == set(keys)


def test_an_open_reader_sees_rows_written_and_a_file_put_in_place(path: Path) -> None:
    reader = PackedReader(path)
    assert reader.read("v", ["c1"]) == (None, {})
    make_file(path)
    assert reader.read("v", ["c1"]) == (None, {})
    write_rows(path, VIEW, [row("c1", 1, 1, 1)])
    assert set(reader.read("v", ["c1"])[1]) == {"c1"}
    beside = path.with_name("beside.db")
    write_rows(beside, VIEW, [row("c2", 1, 1, 1)])
    beside.replace(path)
    assert set(reader.read("v", ["c1", "c2"])[1]) == {"c2"}


def test_a_reader_serves_several_threads(path: Path) -> None:
    write_rows(path, VIEW, [row(f"c{number}", number, number, 0) for number in range(50)])
    reader = PackedReader(path)
    seen: list[bool] = []

    def read_all() -> None:
        seen.extend(
            reader.read("v", [f"c{number}"])[1][f"c{number}"] == row("", number, number, 0)[1:] for number in range(50)
        )

    threads = [Thread(target=read_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 200


def test_a_dropped_view_is_gone(path: Path) -> None:
    write_rows(path, VIEW, [row("c1", 1, 1, 1)])
    drop_view(path, "v")
    assert (PackedReader(path).read("v", ["c1"]), count_rows(path, "v")) == ((None, {}), 0)


def test_a_missing_file_holds_no_row(path: Path) -> None:
    assert count_rows(path, "v") == 0
