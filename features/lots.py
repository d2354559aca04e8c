"""Buckets computed by threads, in lots that share the planning of DuckDB's queries."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import accumulate, pairwise
from queue import SimpleQueue
from typing import Any, TypeVar

import pyarrow as pa

from features.buckets import Bucket
from features.catalogue import FEATURE_NAMES, FEATURES
from features.engine.computing import BucketComputer, bucket_computer
from features.grains import transactions
from features.rows import schema_of
from linewise.bank.rates import bank_rates
from linewise.bank.tables import Bank

__all__ = ["Task", "in_shares", "in_threads", "in_turns"]

Task = tuple[Bucket, pa.Table]
"""A bucket, and the pairs (PAIRS_SCHEMA) of its customers that are wanted."""

BUCKETS_A_LOT = 12
"""At most: the small tables of so many lie in memory at once."""

_GRAIN_OF = {feature.name: feature.grain for feature in FEATURES}
_WALKED = {source.grain for source in transactions.SOURCES}

Done = TypeVar("Done")


def in_threads(
    bank: Bank,
    lots: Sequence[Sequence[Task]],
    workers: int,
    then: Callable[[Bucket, pa.Table], Done],
    names: Sequence[str] = FEATURE_NAMES,
) -> Iterator[list[Done]]:
    """For each lot, in order, what `then` makes of each of its buckets and the bucket's rows.

    No more than two lots a worker are begun before their turn. What was not begun is not begun any more when one
    fails or the reader breaks off. Where there are fewer lots than workers these share out the features among them.
    """
    shares = in_shares(names, workers // max(len(lots), 1))
    if len(shares) > 1:
        yield from _side_by_side(bank, lots, shares, names, then)
        return
    with ExitStack() as stack:
        # Threads, for compiled code, DuckDB and Arrow hold no lock. An engine of a core each; all for one bucket alone.
        work = stack.enter_context(_computing(bank, workers, 1 if workers > 1 else None, names))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        begun: deque[Future[list[Done]]] = deque()
        for lot in lots:
            if len(begun) >= 2 * workers:
                yield begun.popleft().result()
            begun.append(pool.submit(work, lot, then))
        while begun:
            yield begun.popleft().result()


def in_shares(names: Sequence[str], count: int) -> list[Sequence[str]]:
    """The names in so many shares, none of them empty; one share where count is less than two.

    What is asked of transactions and what is asked of the small tables are shares apart, where both are asked for: the
    one waits for the walk, the other for DuckDB, and who has no share in transactions need not read them.
    """
    count = max(min(count, len(names)), 1)
    walked = [name for name in names if _GRAIN_OF[name] in _WALKED]
    asked = [name for name in names if _GRAIN_OF[name] not in _WALKED]
    if count == 1 or not walked or not asked:
        return _runs(names, count)
    of_asked = min(max(count // 2, count - len(walked)), len(asked))
    return [*_runs(walked, count - of_asked), *_runs(asked, of_asked)]


def _runs(names: Sequence[str], count: int) -> list[Sequence[str]]:
    edges = [place * len(names) // count for place in range(count + 1)]
    return [names[start:end] for start, end in pairwise(edges)]


def _side_by_side(
    bank: Bank,
    lots: Sequence[Sequence[Task]],
    shares: Sequence[Sequence[str]],
    names: Sequence[str],
    then: Callable[[Bucket, pa.Table], Done],
) -> Iterator[list[Done]]:
    """The same where each lot is computed by a worker a share of the features.

    A few customers' rows cost little beside the planning of what is asked of them, which is shared out so; their
    tables are read once a share.
    """
    with ExitStack() as stack:
        # Who has only small tables is done first where dates are many, and its core would have nothing left to do.
        works = [stack.enter_context(_computing(bank, len(lots), 1, share, len(shares))) for share in shares]
        pool = stack.enter_context(ThreadPoolExecutor(len(lots) * len(shares)))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        begun = [[pool.submit(work, lot, _beside_their_bucket) for work in works] for lot in lots]
        for of_lot in begun:
            parts = [one.result() for one in of_lot]
            yield [then(of_bucket[0][0], _joined(of_bucket, names)) for of_bucket in zip(*parts, strict=True)]


def _beside_their_bucket(bucket: Bucket, rows: pa.Table) -> tuple[Bucket, pa.Table]:
    return bucket, rows


def _joined(parts: Sequence[tuple[Bucket, pa.Table]], names: Sequence[str]) -> pa.Table:
    """The rows of a bucket from its shares, which are of the same pairs in the same order; `names` in their order."""
    columns = {name: rows[name] for _, rows in parts for name in rows.column_names}
    schema = schema_of(names)
    return pa.table([columns[name] for name in schema.names], schema=schema)


Work = Callable[[Sequence[Task], Callable[[Bucket, pa.Table], Any]], list[Any]]


@contextmanager
def _computing(bank: Bank, count: int, threads: int | None, names: Sequence[str], hands: int = 1) -> Iterator[Work]:
    """What a worker does with a lot, in its own thread; so many of them at once, each with an engine of its own."""
    zone, currency, rates = bank.manifest.time_zone, bank.manifest.currency, bank_rates(bank)
    with ExitStack() as stack:
        idle: SimpleQueue[BucketComputer] = SimpleQueue()
        for _ in range(count):
            idle.put(stack.enter_context(bucket_computer(zone, threads, names, hands)))

        def work(lot: Sequence[Task], then: Callable[[Bucket, pa.Table], Any]) -> list[Any]:
            computer = idle.get()
            try:
                return [then(bucket, rows) for bucket, rows in computer.rows_of(lot, currency, rates)]
            finally:
                idle.put(computer)

        yield work


def in_turns(tasks: Sequence[Task], workers: int) -> list[Sequence[Task]]:
    """The buckets in the lots in which they are computed: the same number for every worker, two turns or more.

    A lot's small tables are laid out at once, and DuckDB plans them once. The larger lots come first: where the last
    turn had them, a worker would end with one while the others had nothing left to do.
    """
    size = min(BUCKETS_A_LOT, max(-(-len(tasks) // (2 * workers)), 1))
    lots = min(-(-len(tasks) // size // workers) * workers, len(tasks)) if len(tasks) > workers else len(tasks)
    if not lots:
        return []
    size, left_over = divmod(len(tasks), lots)
    edges = list(accumulate([size + 1] * left_over + [size] * (lots - left_over), initial=0))
    return [tasks[start:end] for start, end in pairwise(edges)]
