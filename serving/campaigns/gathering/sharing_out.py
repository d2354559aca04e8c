"""The frames of a large base shared out over processes: deciding holds Python's lock too often for threads to do it."""

import os
import signal
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import connection, get_context, parent_process
from threading import Thread

from linewise.core.errors import Conflict
from linewise.decisioning.types import Context
from serving.campaigns.base import Base, Opening, open_base
from serving.campaigns.gathering.frame_pass import Found, FramePass
from serving.campaigns.gathering.several import Several

__all__ = ["SHARED_FROM", "found_of"]

SHARED_FROM = 250_000
"""Customers from which on other processes help: each takes some three seconds to open the home before it decides."""

TAKEN = 2
"""So many frames are with another process at a time: one that it decides, and the next one."""

Range = tuple[int, int]


def found_of(work: FramePass, processes: int = 1) -> Iterator[Found]:
    """What each frame of the base came to, in the order in which they are done.

    Of a large base so many processes decide, this one among them, each frame by frame. Raises what deciding raises, and
    Conflict where the home is another one than this process opened.
    """
    ranges = deque(work.base.ranges())
    if processes < 2 or len(work.base) < SHARED_FROM:
        yield from _here(work, ranges)
        return
    with _Others(work, ranges, processes - 1) as others:
        while ranges or others.are_busy:
            for found in _here(work, ranges):
                yield found
                yield from others.done()
            others.wait()
            yield from others.done()


def _here(work: FramePass, ranges: deque[Range]) -> Iterator[Found]:
    """Frames decided in this process until none is left to take."""
    for frame in work.base.frames(work.columns, _taken(ranges)):
        yield work.found(frame)


def _taken(ranges: deque[Range]) -> Iterator[Range]:
    while ranges:
        yield ranges.popleft()


class _Others:
    """The other processes, to which frames are handed out as they are done with former ones."""

    def __init__(self, work: FramePass, ranges: deque[Range], count: int) -> None:
        self._ranges = ranges
        # Begun anew, not forked: libraries have threads and locks here, of which a copy would be broken.
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (_Handed.by(work),))
        self._taken: dict[Future[Found], Range] = {}
        self._free, self._is_broken = count * TAKEN, False

    def __enter__(self) -> "_Others":
        self._hand_out()
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def are_busy(self) -> bool:
        """Whether one of them has a frame."""
        return bool(self._taken)

    def wait(self) -> None:
        """Wait until one of them is done with a frame, where one has any."""
        wait(self._taken, return_when="FIRST_COMPLETED")

    def done(self) -> Iterator[Found]:
        """What they are done with; frames of one that was killed are among those to be taken again."""
        for future in [one for one in self._taken if one.done()]:
            taken = self._taken.pop(future)
            try:
                found = future.result()
            except BrokenProcessPool:
                self._give_up(taken)
            else:
                self._free += 1
                yield found
        self._hand_out()

    def _hand_out(self) -> None:
        while self._free > 0 and self._ranges and not self._is_broken:
            taken = self._ranges.popleft()
            try:
                self._taken[self._pool.submit(_found, *taken)] = taken
            except BrokenProcessPool:
                self._give_up(taken)
            else:
                self._free -= 1

    def _give_up(self, taken: Range) -> None:
        """Nothing is handed out any more: a process that memory ran out on would be killed again."""
        self._is_broken = True
        self._ranges.append(taken)


@dataclass(frozen=True, slots=True)
class _Handed:
    """What another process is given, and what it has to find."""

    opening: Opening
    several: Several
    contexts: Mapping[str, Context]
    opened: tuple[str, str, str]

    @classmethod
    def by(cls, work: FramePass) -> "_Handed":
        return cls(work.base.opening, work.several, work.contexts, _opened(work.base))


def _opened(base: Base) -> tuple[str, str, str]:
    """What a base was opened on: its data, its features, and everything that decides."""
    return base.bank.manifest.data_hash, base.generation.id, base.desk.versions.release_id


_handed: list[_Handed] = []


def _begin(handed: _Handed) -> None:
    # An interruption is the first process's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _handed.append(handed)


def _end_with_parent() -> None:
    """End this process where the one that began it was killed; nobody would ever take what it finds."""
    parent = parent_process()
    assert parent is not None  # noqa: S101  this process was begun by one
    connection.wait([parent.sentinel])
    os._exit(1)


def _found(start: int, end: int) -> Found:
    work = _work()
    return work.found(work.base.frame(start, end, work.columns))


@cache
def _work() -> FramePass:
    (handed,) = _handed
    base = open_base(handed.opening)
    if _opened(base) != handed.opened:
        raise Conflict(
            "The home was changed while a campaign was being planned in it.",
            "One bank, one filling of the feature store and one release were expected from beginning to end.",
            "Run the command again when nothing else loads, fills or promotes.",
        )
    return FramePass(base, handed.several, handed.contexts)
