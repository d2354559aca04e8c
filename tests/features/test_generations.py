"""Filling beside the live generation: one step to switch, no trace of failures, and readers hold what they read."""

import multiprocessing
import multiprocessing.synchronize
import os
import signal
import struct
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.generations import KEPT, POINTER, generation_path, live_id, live_path, new_generation
from features.packed_reader import PackedReader
from features.packed_rows import PackedWriter, View
from linewise.core.errors import Conflict
from linewise.core.files import sha256_of

VIEW = View("v", "hash", ("x",))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEYS = [f"c{number}" for number in range(20)]


def packed(value: float) -> bytes:
    return struct.pack("=d", value)


def put(writer: PackedWriter, value: float, keys: list[str] = KEYS) -> None:
    """A row a key, all of one value."""
    writer.add(writer.begin(VIEW, (NOON, NOON), NOON), ((key, 1, packed(value)) for key in keys))


def fill(folder: Path, value: float) -> str:
    with new_generation(folder) as writer:
        put(writer, value)
    filled = live_id(folder)
    assert filled is not None
    return filled


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != ".lock"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "online"


def test_a_store_that_was_never_filled_has_no_generation(folder: Path) -> None:
    assert (live_id(folder), live_path(folder), PackedReader(folder).generation()) == (None, None, None)


def test_a_filled_generation_is_live_and_complete(folder: Path) -> None:
    filled = fill(folder, 1.0)
    generation = PackedReader(folder).generation()
    assert generation is not None
    assert (generation.id, generation.views["v"].rows) == (filled, len(KEYS))
    assert generation.rows("v", [*KEYS, "stranger"]) == dict.fromkeys(KEYS, (1, packed(1.0)))
    assert (generation.row("v", "c1"), generation.row("v", "stranger")) == ((1, packed(1.0)), None)
    assert (generation.row("w", "c1"), generation.rows("w", ["c1"])) == (None, {})


def test_more_keys_than_one_query_holds(folder: Path) -> None:
    keys = [f"c{number}" for number in range(1_201)]
    with new_generation(folder) as writer:
        put(writer, 1.0, keys)
    generation = PackedReader(folder).generation()
    assert generation is not None
    assert set(generation.rows("v", keys)) == set(keys)


def test_a_filling_begins_empty_or_from_what_is_live(folder: Path) -> None:
    fill(folder, 1.0)
    before = sha256_of(live_path(folder) or folder)
    first = live_path(folder)
    with new_generation(folder, from_live=True) as writer:
        put(writer, 2.0, ["c1"])
    generation = PackedReader(folder).generation()
    assert generation is not None
    assert (generation.row("v", "c0"), generation.row("v", "c1")) == ((1, packed(1.0)), (1, packed(2.0)))
    assert first is not None
    assert sha256_of(first) == before


def test_a_failed_filling_leaves_the_live_generation_and_nothing_else(folder: Path) -> None:
    fill(folder, 1.0)
    before = files(folder)
    with pytest.raises(RuntimeError, match="halfway"), new_generation(folder) as writer:
        put(writer, 2.0)
        raise RuntimeError("halfway")
    assert files(folder) == before


def fill_for_ever(folder: Path, is_under_way: multiprocessing.synchronize.Event) -> None:
    with new_generation(folder) as writer:
        put(writer, 2.0)
        is_under_way.set()
        time.sleep(600)


def test_a_killed_filling_leaves_the_live_generation_and_the_next_one_clears_up(folder: Path) -> None:
    filled = fill(folder, 1.0)
    context = multiprocessing.get_context("spawn")
    is_under_way = context.Event()
    process = context.Process(target=fill_for_ever, args=(folder, is_under_way))
    process.start()
    assert is_under_way.wait(60)
    with pytest.raises(Conflict, match="Another process fills"):
        fill(folder, 3.0)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    reader = PackedReader(folder)
    generation = reader.generation()
    assert generation is not None
    assert (generation.id, generation.row("v", "c1")) == (filled, (1, packed(1.0)))
    assert len(list(folder.glob(".*.db.*"))) == 1
    fill(folder, 3.0)
    assert not list(folder.glob(".*.db.*"))


def test_the_last_generations_stay_and_older_ones_go(folder: Path) -> None:
    ids = [fill(folder, value) for value in (1.0, 2.0, 3.0, 4.0)]
    assert files(folder) == {"live", *(f"{one}.db" for one in ids[-KEPT:])}


def test_a_generation_that_is_read_stays_until_nobody_reads_it(folder: Path) -> None:
    first = fill(folder, 1.0)
    pinned = PackedReader(folder).generation()
    for value in (2.0, 3.0, 4.0):
        fill(folder, value)
    assert generation_path(folder, first).is_file()
    assert pinned is not None
    assert pinned.rows("v", KEYS) == dict.fromkeys(KEYS, (1, packed(1.0)))
    del pinned
    fill(folder, 5.0)
    assert not generation_path(folder, first).exists()


def test_a_pinned_generation_is_read_in_other_threads_too(folder: Path) -> None:
    fill(folder, 1.0)
    pinned = PackedReader(folder).generation()
    fill(folder, 2.0)
    fill(folder, 3.0)
    assert pinned is not None
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(pinned.row("v", "c1")))
    thread.start()
    thread.join()
    assert seen == [(1, packed(1.0))]


def test_a_pointer_to_a_lost_file_is_an_empty_store(folder: Path) -> None:
    generation_path(folder, fill(folder, 1.0)).unlink()
    assert PackedReader(folder).generation() is None


def test_each_reader_sees_one_generation_while_others_are_filled(folder: Path) -> None:
    fill(folder, 0.0)
    reader = PackedReader(folder)
    is_over = threading.Event()
    mixed: list[object] = []
    seen: set[str] = set()

    def read_on() -> None:
        while not is_over.is_set():
            generation = reader.generation()
            assert generation is not None
            values = {generation.row("v", key) for key in KEYS} | set(generation.rows("v", KEYS).values())
            seen.add(generation.id)
            if len(values) != 1:
                mixed.append(values)

    threads = [threading.Thread(target=read_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        ids = [fill(folder, float(value)) for value in range(1, 30)]
        time.sleep(0.1)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert mixed == []
    assert len(seen) > 2
    assert ids[-1] in seen


def test_a_pointer_that_was_copied_as_a_file_leads_to_no_generation(tmp_path: Path) -> None:
    (tmp_path / POINTER).write_bytes(b"the rows of a generation")
    assert live_id(tmp_path) is None
