"""Each customer's latest feature row of a window, bucket by bucket, newest month first."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from features.rows import month_files

__all__ = ["LatestRows", "latest_rows"]

_KEY, _EVENT, _CREATED = "customer_id", "event_timestamp", "created_timestamp"
# One bucket is written while the next is read; more would only fill the memory.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class LatestRows:
    """One bucket's rows in order of customer: keys (n,), event_us (n,) int64, values (n, n_features) float64."""

    keys: list[str]
    event_us: NDArray[np.int64]
    values: NDArray[np.float64]


def latest_rows(folder: Path, names: tuple[str, ...], first: datetime, last: datetime) -> Iterator[LatestRows]:
    """The latest row of each customer with an event time from `first` to `last`, both included.

    `folder` holds the files of `features.rows`; buckets without a row are left out. Of two rows of one moment the one
    that was created later stands. In memory are three buckets at most.
    """
    buckets: dict[str, list[Path]] = {}
    for path in reversed(month_files(folder, first, last)):
        buckets.setdefault(path.name, []).append(path)
    with ThreadPoolExecutor(max_workers=1) as reading:
        waiting: list[Future[LatestRows | None]] = []
        todo = iter(sorted(buckets))
        while True:
            for name in todo:
                waiting.append(reading.submit(_of_bucket, buckets[name], names, first, last))
                if len(waiting) == _AHEAD:
                    break
            if not waiting:
                return
            rows = waiting.pop(0).result()
            if rows is not None:
                yield rows


def _of_bucket(newest_first: list[Path], names: tuple[str, ...], first: datetime, last: datetime) -> LatestRows | None:
    parts: list[pa.Table] = []
    found: list[pa.ChunkedArray] = []
    for path in newest_first:
        with pq.ParquetFile(path) as file:
            keys = file.read([_KEY, _EVENT, _CREATED])
            places = _latest(keys, found, first, last)
            if len(places):
                rows = file.read([_KEY, _EVENT, *names])
                parts.append(rows if _is_all(places, rows.num_rows) else rows.take(pa.array(places)))
                found.append(parts[-1][_KEY])
    if not parts:
        return None
    together = pa.concat_tables(parts)
    if len(parts) > 1:
        together = together.sort_by(_KEY)
    values = np.empty((together.num_rows, len(names)))
    for place, name in enumerate(names):
        values[:, place] = together[name].to_numpy()
    return LatestRows(together[_KEY].to_pylist(), together[_EVENT].cast(pa.int64()).to_numpy(), values)


def _latest(keys: pa.Table, found: list[pa.ChunkedArray], first: datetime, last: datetime) -> NDArray[np.int64]:
    """Where the latest row of each customer of the window lies who was not found yet, in order of customer."""
    event = keys[_EVENT]
    kind = event.type
    wanted = pc.and_(pc.greater_equal(event, pa.scalar(first, kind)), pc.less_equal(event, pa.scalar(last, kind)))
    for known in found:
        wanted = pc.and_not(wanted, pc.is_in(keys[_KEY], value_set=known.combine_chunks()))
    within = np.flatnonzero(wanted.to_numpy())
    if not len(within):
        return within
    rows = keys if len(within) == keys.num_rows else keys.take(pa.array(within))
    order = pc.sort_indices(
        rows, sort_keys=[(_KEY, "ascending"), (_EVENT, "ascending"), (_CREATED, "ascending")]
    ).to_numpy()
    ids = rows[_KEY].combine_chunks().dictionary_encode().indices.to_numpy()[order]
    is_last = np.append(ids[1:] != ids[:-1], True)
    return within[order[is_last]]


def _is_all(places: NDArray[np.int64], count: int) -> bool:
    return len(places) == count and bool((places == np.arange(count)).all())
