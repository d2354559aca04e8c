"""Lists of agents in the order of calling: rows go to their places on the disk, and memory holds where each goes."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from linewise.decisioning.types import Ints

__all__ = ["SLICE_ROWS", "in_calling_order"]

SLICE_ROWS = 65_536
PLACE = "place"
PACKED = pa.ipc.IpcWriteOptions(compression="zstd")


def in_calling_order(path: Path, aside: Path, rows: int = SLICE_ROWS) -> Iterator[pa.Table]:
    """The rows of a Parquet file with their call_order and without their priority, so many to a table.

    Day by day the highest priority first; who is alike there goes by customer_id, in whose order the file has to be.
    Of each row a few numbers are in memory, and of a single table all. aside: a folder on the disk of the export, which
    is not there yet, for as long as this takes.
    """
    keys = pq.read_table(path, columns=["send_on", "priority"])
    days, priority = keys["send_on"].cast(pa.int32()).to_numpy(), keys["priority"].to_numpy()
    place = np.empty(len(days), dtype=np.int64)
    # Stable, so that the order of the file stands where both are alike.
    place[np.lexsort((-priority, days))] = np.arange(len(days))
    named, counts = np.unique(days, return_counts=True)
    first = np.cumsum(counts) - counts
    for part in _put_apart(path, aside, place, rows):
        table = _read(part).sort_by(PLACE)
        before = first[np.searchsorted(named, table["send_on"].cast(pa.int32()).to_numpy())]
        order = pa.array(table[PLACE].to_numpy() - before + 1, pa.int32())
        at = table.column_names.index("call_order")
        yield table.set_column(at, "call_order", order).drop_columns(["priority", PLACE])
        part.unlink()
    aside.rmdir()


def _put_apart(path: Path, aside: Path, place: Ints, rows: int) -> list[Path]:
    """The rows in a file each for so many places, in the order of places; within one they are as they come."""
    parts = [aside / f"{number}.arrow" for number in range(-(-len(place) // rows))]
    aside.mkdir(parents=True)
    with ExitStack() as held, pq.ParquetFile(path) as file:
        schema = file.schema_arrow.append(pa.field(PLACE, pa.int64()))
        files = [held.enter_context(one.open("wb")) for one in parts]
        writers = [held.enter_context(pa.ipc.new_file(one, schema, options=PACKED)) for one in files]
        start = 0
        for batch in file.iter_batches(rows):
            mine = place[start : start + len(batch)]
            placed = pa.Table.from_batches([batch]).append_column(PLACE, pa.array(mine))
            for part, here in _by_part(mine // rows):
                writers[part].write_table(placed.take(pa.array(here)))
            start += len(batch)
    return parts


def _by_part(part: Ints) -> Iterator[tuple[int, NDArray[np.int64]]]:
    order = np.argsort(part, kind="stable")
    named, starts = np.unique(part[order], return_index=True)
    yield from zip(named.tolist(), np.split(order, starts[1:]), strict=True)


def _read(part: Path) -> pa.Table:
    with part.open("rb") as file, pa.ipc.open_file(file) as rows:
        return rows.read_all()
