"""Walks the tasks that are not answered yet, two beside each other, and gives each topic's answers when it has all."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter

from threadpoolctl import threadpool_limits

from benchmarks.value.kept import Kept
from benchmarks.value.task import Answers, Figures, Task, Topic

__all__ = ["answered"]

WORKERS = 2


def answered(topics: Sequence[Topic], kept: Kept, *, is_full: bool, workers: int = WORKERS) -> Iterator[Answers]:
    """The answers of each topic, in the order of the topics; what is done is told on stderr.

    A task that fails stops the run with its error; what was answered before it stays.
    """
    chosen = {topic.name: [task for task in topic.tasks if is_full or task.is_quick] for topic in topics}
    # Fresh processes: the threads of LightGBM do not survive a fork.
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        asked: dict[Task, Future[float]] = {
            task: pool.submit(_kept, task, kept)
            for tasks in chosen.values()
            for task in tasks
            if kept.get(task) is None
        }
        try:
            for topic in topics:
                yield {task: _answer(task, asked, kept) for task in chosen[topic.name]}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _answer(task: Task, asked: dict[Task, Future[float]], kept: Kept) -> Figures:
    if task in asked:
        print(f"{task.key}: {asked[task].result():.0f} s", file=sys.stderr, flush=True)
    found = kept.get(task)
    if found is None:
        raise FileNotFoundError(f"The answer of {task.key!r} vanished from {kept.folder}.")
    return found


def _kept(task: Task, kept: Kept) -> float:
    """Asks one task and keeps its answer at once, whichever was read last when a run is stopped; seconds it took."""
    began = perf_counter()
    with threadpool_limits(limits=1):
        kept.put(task, task.run())
    return perf_counter() - began
