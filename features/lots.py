"""Buckets computed by threads, in lots that share the planning of DuckDB's queries."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import accumulate, pairwise
from queue import SimpleQueue
from typing import TypeVar

import pyarrow as pa

from features.buckets import Bucket
from features.catalogue import FEATURE_NAMES
from features.engine.computing import BucketComputer, bucket_computer
from linewise.bank.rates import bank_rates
from linewise.bank.tables import Bank

__all__ = ["Task", "in_threads", "in_turns"]

Task = tuple[Bucket, pa.Table]
"""A bucket, and the pairs (PAIRS_SCHEMA) of its customers that are wanted."""

BUCKETS_A_LOT = 12
"""At most: the small tables of so many lie in memory at once."""

Done = TypeVar("Done")


def in_threads(
    bank: Bank,
    lots: Sequence[Sequence[Task]],
    workers: int,
    then: Callable[[Bucket, pa.Table], Done],
    names: Sequence[str] = FEATURE_NAMES,
) -> Iterator[list[Done]]:
    """For each lot, in order, what `then` makes of each of its buckets and the bucket's rows, in the same thread.

    No more than two lots a worker are begun before their turn. What was not begun is not begun any more when one
    fails or the reader breaks off.
    """
    zone, currency, rates = bank.manifest.time_zone, bank.manifest.currency, bank_rates(bank)
    with ExitStack() as stack:
        # Threads, for compiled code, DuckDB and Arrow hold no lock. An engine of a core each; all for one bucket alone.
        idle: SimpleQueue[BucketComputer] = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(bucket_computer(zone, 1 if workers > 1 else None, names)))

        def work(lot: Sequence[Task]) -> list[Done]:
            computer = idle.get()
            try:
                return [then(bucket, rows) for bucket, rows in computer.rows_of(lot, currency, rates)]
            finally:
                idle.put(computer)

        pool = stack.enter_context(ThreadPoolExecutor(workers))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        begun: deque[Future[list[Done]]] = deque()
        for lot in lots:
            if len(begun) >= 2 * workers:
                yield begun.popleft().result()
            begun.append(pool.submit(work, lot))
        while begun:
            yield begun.popleft().result()


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
