"""The point-in-time join: for each pair of customer and moment the latest feature row as of then, bucket by bucket.

A bucket's rows meet the pairs of its own customers alone, by their keys first; values are read of the files that were
found to be needed and of the features asked for, straight to their place in the answer. In memory are the answer and,
a thread, some features of one bucket.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from features.gathering import gather
from features.rows import bucket_number, month_files
from linewise.core.moments import from_microseconds

__all__ = ["Pairs", "rows_as_of"]

_KEYS = ["customer_id", "event_timestamp"]
_THREADS = 2
# So that a bucket of many months stays within a hundred megabytes a thread.
_NAMES_AT_A_TIME = 16
_ALL_THERE = np.frombuffer(b"", np.uint8)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Whom and when: customer_id (n_pairs,) text, moment_us (n_pairs,) microseconds since 1970 UTC."""

    customer_id: pa.Array
    moment_us: NDArray[np.int64]


def rows_as_of(
    folder: Path, bucket_starts: Sequence[str], pairs: Pairs, names: Sequence[str], longest_us: int | None
) -> NDArray[np.float64]:
    """Each pair's latest row at or before its moment and no older than `longest_us`: (n_names, n_pairs) float64.

    NaN where a value is missing, or there is no such row. Of two rows of one moment the one created later stands.
    """
    answer = np.empty((len(names), len(pairs.moment_us)))
    known = pairs.moment_us[pairs.moment_us > np.iinfo(np.int64).min]  # which is how numpy spells no time at all
    if not len(known):
        answer.fill(np.nan)
        return answer
    first = 0 if longest_us is None else max(0, int(known.min()) - longest_us)
    files: dict[int, list[Path]] = {}
    for path in month_files(folder, from_microseconds(first), from_microseconds(int(known.max()))):
        files.setdefault(bucket_number(path), []).append(path)
    of_pair = _buckets_of(pairs.customer_id, bucket_starts)
    order = np.argsort(of_pair, kind="stable")
    customers = pairs.customer_id.take(pa.array(order))
    edges = np.searchsorted(of_pair[order], np.arange(len(bucket_starts) + 2))

    def join(bucket: int) -> None:
        own = slice(edges[bucket], edges[bucket + 1])
        places = order[own]
        if len(places):
            some = Pairs(customers[own], pairs.moment_us[places])
            _join_bucket(files.get(bucket, []), some, places, names, longest_us, answer)

    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in threads.map(join, range(len(bucket_starts) + 1)):
            pass
    return answer


def _buckets_of(customer_id: pa.Array, bucket_starts: Sequence[str]) -> NDArray[np.int16]:
    """The bucket of each customer; the order of bytes is that in which the buckets were cut."""
    encoded = customer_id.fill_null("").dictionary_encode()
    ids = np.array(encoded.dictionary.cast(pa.binary()).to_pylist(), dtype=np.bytes_)
    starts = np.array([start.encode() for start in bucket_starts], dtype=np.bytes_)
    # Sixteen bits at most, for numbers of sixteen bits are sorted by counting.
    return np.searchsorted(starts, ids, side="right").astype(np.int16)[encoded.indices.to_numpy()]


def _join_bucket(
    files: Sequence[Path],
    pairs: Pairs,
    places: NDArray[np.int64],
    names: Sequence[str],
    longest_us: int | None,
    answer: NDArray[np.float64],
) -> None:
    with ExitStack() as opened:
        # Kept open from keys to values: a file of many columns says at length what is in it.
        sources = [opened.enter_context(pq.ParquetFile(path, pre_buffer=False)) for path in files]
        keys = [source.read(_KEYS, use_threads=False) for source in sources]

        def created_us() -> NDArray[np.int64]:
            tables = [source.read(["created_timestamp"], use_threads=False) for source in sources]
            return np.asarray(pa.concat_tables(tables)["created_timestamp"].cast(pa.int64()).to_numpy())

        chosen = _chosen(pa.concat_tables(keys), created_us, pairs, longest_us) if keys else np.full(len(places), -1)
        found, missing = _by_file(chosen, places, [own.num_rows for own in keys]), places[chosen < 0]
        for start in range(0, len(names), _NAMES_AT_A_TIME):
            some = list(names[start : start + _NAMES_AT_A_TIME])
            values = [sources[one.number].read(some, use_threads=False) for one in found]
            for column, name in zip(answer[start:], some, strict=False):
                column[missing] = np.nan
                # All files of one feature before the next: what they fill of the answer stays in the nearest memory.
                for one, own in zip(values, found, strict=True):
                    gather(*_laid(one[name]), own.rows, own.places, column)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was chosen of one file: its number, the rows, and where their values go in the answer, (n_chosen,) each."""

    number: int
    rows: NDArray[np.int64]
    places: NDArray[np.int64]


def _by_file(chosen: NDArray[np.int64], places: NDArray[np.int64], counts: Sequence[int]) -> list[_Chosen]:
    """What was chosen of each file of which anything was, by rows counted over all files and -1 for none."""
    ends = np.cumsum(counts)
    pairs = np.flatnonzero(chosen >= 0)
    of_pair = np.searchsorted(ends, chosen[pairs], side="right").astype(np.int16)
    pairs = pairs[np.argsort(of_pair, kind="stable")]
    edges = np.concatenate([[0], np.cumsum(np.bincount(of_pair, minlength=len(counts)))])
    found = []
    for number, count in enumerate(counts):
        own = pairs[edges[number] : edges[number + 1]]
        if len(own):
            found.append(_Chosen(number, chosen[own] - (ends[number] - count), places[own]))
    return found


def _laid(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.uint8], int]:
    """A column's values as they lie, the bits that say which are there (none where all are), and how many to skip."""
    chunk = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    is_there, values = chunk.buffers()
    bits = _ALL_THERE if is_there is None else np.frombuffer(is_there, np.uint8)
    return np.frombuffer(values, np.float64), bits, chunk.offset


def _chosen(
    keys: pa.Table, created_us: Callable[[], NDArray[np.int64]], pairs: Pairs, longest_us: int | None
) -> NDArray[np.int64]:
    """The row that each pair gets, -1 where there is none; created_us is asked where two rows are of one moment."""
    event_us = keys["event_timestamp"].cast(pa.int64()).to_numpy()
    customers = keys["customer_id"].combine_chunks().dictionary_encode()
    row_customer = customers.indices.to_numpy().astype(np.int64)
    pair_customer = pc.index_in(pairs.customer_id, value_set=customers.dictionary).fill_null(-1).to_numpy()
    # Customer and moment as one number: moments are few, so their ranks leave room for every customer.
    moments = np.unique(event_us)
    row_key = row_customer * len(moments) + np.searchsorted(moments, event_us)
    pair_moment = np.searchsorted(moments, pairs.moment_us, side="right") - 1
    pair_key = pair_customer.astype(np.int64) * len(moments) + pair_moment
    # Files come by month and rows by customer, so they are runs to be merged: this sort is made for that.
    order = np.argsort(row_key, kind="stable")
    if (np.diff(row_key[order]) == 0).any():
        order = np.lexsort((created_us(), row_key))
    at = np.searchsorted(row_key[order], pair_key, side="right") - 1
    rows = order[np.maximum(at, 0)]
    is_found = (at >= 0) & (pair_moment >= 0) & (pair_customer >= 0) & (row_customer[rows] == pair_customer)
    if longest_us is not None:
        is_found &= event_us[rows] + longest_us >= pairs.moment_us
    return np.where(is_found, rows, -1)
