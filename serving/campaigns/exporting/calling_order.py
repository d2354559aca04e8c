"""Lists of agents in the order of calling, sorted on the disk where they are long, so that none is held in memory."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linewise.bank.database import literal, utc_database

__all__ = ["SLICE_ROWS", "in_calling_order"]

SLICE_ROWS = 65_536
MEMORY_MB = 128
"""Of the sorting: what is more goes to the disk."""

GROUP_ROWS = 16_384


def in_calling_order(path: Path, aside: Path, rows: int = SLICE_ROWS) -> Iterator[pa.Table]:
    """The rows of a Parquet file, which goes, with their call_order and without their priority, so many to a table.

    Day by day the highest priority first; who is alike there goes by customer_id. aside: a folder that is not there
    yet, on the disk of the export, for what memory does not hold. Raises OSError where that disk is full.
    """
    ordered = aside / "in-order.parquet"
    aside.mkdir(parents=True)
    with utc_database() as database, _full_disk_told():
        database.execute(f"SET memory_limit = '{MEMORY_MB}MB'")
        database.execute(f"SET temp_directory = {literal(str(aside))}")
        # Each thread sorts in memory of its own.
        database.execute("SET threads = 1")
        database.execute(
            f"COPY (SELECT * FROM read_parquet({literal(str(path))}) ORDER BY send_on, priority DESC, customer_id) "
            f"TO {literal(str(ordered))} (FORMAT parquet, ROW_GROUP_SIZE {GROUP_ROWS})"
        )
    path.unlink()
    day, place = None, 0
    with pq.ParquetFile(ordered) as file:
        for table in _cut(file.iter_batches(), file.schema_arrow, rows):
            numbered, day, place = _numbered(table, day, place)
            yield numbered
    shutil.rmtree(aside)


def _cut(batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int) -> Iterator[pa.Table]:
    """The same rows in tables of exactly so many, but for the last."""
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        while waiting.num_rows >= rows:
            yield waiting.slice(0, rows).combine_chunks()
            waiting = waiting.slice(rows)
    if waiting.num_rows:
        yield waiting.combine_chunks()


def _numbered(table: pa.Table, day: int | None, place: int) -> tuple[pa.Table, int, int]:
    """The rows with their places of the day, where the last row before them was at that place of that day."""
    days = table["send_on"].cast(pa.int32()).to_numpy()
    first = np.concatenate([[0], np.flatnonzero(np.diff(days)) + 1]).astype(np.int64)
    places = np.arange(len(days)) - np.repeat(first, np.diff(np.append(first, len(days)))) + 1
    if days[0] == day:
        places[: len(days) if len(first) == 1 else first[1]] += place
    at = table.column_names.index("call_order")
    numbered = table.set_column(at, "call_order", pa.array(places, pa.int32())).drop_columns(["priority"])
    return numbered, int(days[-1]), int(places[-1])


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as err:
        # Of what is free DuckDB takes nine tenths at most, and calls it a lack of memory when they are used up.
        is_full = isinstance(err, duckdb.OutOfMemoryException) or os.strerror(errno.ENOSPC) in str(err)
        raise OSError(errno.ENOSPC if is_full else errno.EIO, str(err)) from err
