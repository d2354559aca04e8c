"""Building features: pairs of customer and observation date in, rows of the offline store out, bucket by bucket."""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from features.buckets import Bucket, buckets_of
from features.catalogue import FEATURE_NAMES, definitions_hash
from features.lots import Task, in_threads, in_turns
from features.observation import checked_pairs, observation_pairs
from features.rows import RowsManifest
from features.rows_draft import RowsDraft, rows_draft
from linewise.bank.tables import Bank, open_bank
from linewise.core.clock import as_utc
from linewise.core.errors import UsageError
from linewise.core.home import Home

__all__ = ["BuildReport", "build_features", "checked_build", "computed", "manifest_of", "observation_pairs"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build wrote: rows of this build, rows kept from earlier ones, foreign rows dropped.

    `resumed_buckets` are those that an interrupted build of the same had written already.
    """

    rows: int
    customers: int
    as_of_from: datetime
    as_of_until: datetime
    kept_rows: int
    dropped_rows: int
    bucket_count: int
    resumed_buckets: int
    definitions_hash: str


def build_features(
    home: Home, pairs: pa.Table, progress: Callable[[int], None] = lambda rows: None, *, workers: int = 2
) -> BuildReport:
    """Compute all features of the pairs and merge them into the offline store, whole or not at all.

    `pairs` holds customer_id and as_of. An event counts where it had happened and had been recorded by
    `as_of`. It is built by `workers` threads, each with buckets, or of a small bank with features, of its own. A
    build that was interrupted goes on where it was when the same is built again. `progress` is told how many more
    pairs are done. Raises BankMissing, UsageError where there is no pair or a bad one, UnknownCustomer, and Conflict
    where another process builds.
    """
    bank = open_bank(home)
    wanted = checked_build(bank, pairs)
    buckets = buckets_of(bank)
    parts = dict(_shared_out(wanted, buckets))
    with _pages_kept(), rows_draft(home, manifest_of(bank, buckets), wanted["as_of"], _hash_of(wanted)) as draft:
        to_do = [bucket for bucket in buckets if not draft.is_done(bucket)]
        progress(wanted.num_rows - sum(parts[bucket.number].num_rows for bucket in to_do))
        for rows in _written(bank, draft, [(bucket, parts[bucket.number]) for bucket in to_do], workers):
            progress(rows)
        merged = draft.finish()
    ends = pc.min_max(wanted["as_of"]).as_py()
    return BuildReport(
        rows=wanted.num_rows,
        customers=pc.count_distinct(wanted["customer_id"]).as_py(),
        as_of_from=as_utc(ends["min"]),
        as_of_until=as_utc(ends["max"]),
        kept_rows=merged.kept,
        dropped_rows=merged.dropped,
        bucket_count=len(buckets),
        resumed_buckets=len(buckets) - len(to_do),
        definitions_hash=definitions_hash(),
    )


def checked_build(bank: Bank, pairs: pa.Table) -> pa.Table:
    """The pairs as they are built: without repeats, in order; raises UsageError where there is none or a bad one."""
    wanted = checked_pairs(pairs, bank.read("customers", ["customer_id"])["customer_id"])
    if wanted.num_rows == 0:
        raise UsageError("No pair of customer and observation date was given.", "At least one was expected.")
    return wanted


def computed(
    bank: Bank, wanted: pa.Table, names: Sequence[str] = FEATURE_NAMES, *, workers: int = 1
) -> Iterator[tuple[Bucket, pa.Table]]:
    """The rows (schema_of) of the pairs, bucket by bucket, in memory alone; buckets without a pair are passed over.

    `names` are the features that are wanted: a model that reads a few of them waits for no other.
    """
    buckets = buckets_of(bank)
    parts = dict(_shared_out(wanted, buckets))
    tasks = [(bucket, parts[bucket.number]) for bucket in buckets if parts[bucket.number].num_rows]
    # One bucket at a time and worker: whoever reads them decides how many are kept.
    for done in in_threads(bank, [[task] for task in tasks], workers, lambda bucket, rows: (bucket, rows), names):
        yield from done


def manifest_of(bank: Bank, buckets: Iterable[Bucket]) -> RowsManifest:
    """Whose rows a build of this bank makes."""
    starts = tuple(bucket.start for bucket in buckets if bucket.start is not None)
    said = bank.manifest
    return RowsManifest(definitions_hash(), said.name, said.data_hash, starts, said.time_zone)


def _shared_out(wanted: pa.Table, buckets: list[Bucket]) -> Iterator[tuple[int, pa.Table]]:
    """Each bucket's pairs; they are in order of customers, as the buckets are."""
    ids = wanted["customer_id"].combine_chunks()
    places = range(len(ids))
    starts = [0, *(bisect_left(places, bucket.start, key=lambda at: ids[at].as_py()) for bucket in buckets[1:])]
    for bucket, start, end in zip(buckets, starts, [*starts[1:], len(ids)], strict=True):
        yield bucket.number, wanted.slice(start, end - start)


@contextmanager
def _pages_kept() -> Iterator[None]:
    """Arrow takes memory from the system's own allocator within the block.

    Its usual one gives pages back within milliseconds: the next bucket then waits until the kernel has emptied as many.
    """
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def _hash_of(wanted: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, wanted.schema) as stream:
        stream.write_table(wanted.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _written(bank: Bank, draft: RowsDraft, tasks: list[Task], workers: int) -> Iterator[int]:
    """Write the buckets, and tell of each how many pairs it had."""

    def write(bucket: Bucket, rows: pa.Table) -> int:
        draft.write(bucket, rows)
        return rows.num_rows

    for written in in_threads(bank, in_turns(tasks, max(min(workers, len(tasks)), 1)), max(workers, 1), write):
        yield from written
