"""The frames of a large base shared out over processes: deciding holds Python's lock too often for threads to do it."""

import os
import signal
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import active_children, connection, get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Self

import numpy as np
from numpy.typing import NDArray

from linewise.bank.tables import open_bank
from linewise.core.errors import Conflict
from linewise.decisioning.types import Context
from serving.campaigns.base import Base, Opening, open_base
from serving.campaigns.gathering.frame_pass import Found, FramePass
from serving.campaigns.gathering.several import Several

__all__ = ["SHARED_FROM", "Helpers", "found_of"]

SHARED_FROM = 250_000
"""Customers to a helper: it takes some three seconds to open the home before it decides, as long as these alone do."""

MOST_HELPERS = 5
"""Each holds close to a gigabyte, however many cores there are."""

TAKEN = 2
"""So many frames are with another process at a time: one that it decides, and the next one."""

Range = tuple[int, int]


class Helpers:
    """So many other processes, which open a base for themselves while this one does, and end with the block."""

    def __init__(self, opening: Opening, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()
        if self.count > 0:
            before = set(active_children())
            # Begun anew, not forked: libraries have threads and locks here, of which a copy would be broken.
            self._pool = ProcessPoolExecutor(self.count, get_context("spawn"), _begin)
            for _ in range(self.count):
                self._pool.submit(_opened_here, opening)
            self._processes = set(active_children()) - before

    @classmethod
    def for_base(cls, opening: Opening, processes: int) -> Self:
        """So many processes at most, but this one; none for a small base. Raises what opening a bank raises."""
        return cls(opening, _helpers(open_bank(opening.settings.paths).manifest.tables["customers"].rows, processes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # Whoever is told of a mistake in a file does not wait until a home was opened.
            for one in self._processes:
                one.terminate()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def found(self, handed: "_Handed", taken: Range, elsewhere: Sequence[NDArray[np.int16]]) -> Future[Found]:
        """What this frame comes to, later; raises BrokenProcessPool where one of them was killed."""
        assert self._pool is not None  # noqa: S101  nothing is handed to nobody
        return self._pool.submit(_found, handed, taken, elsewhere)


def _helpers(customer_count: int, processes: int) -> int:
    return min(processes - 1, customer_count // SHARED_FROM, MOST_HELPERS)


def found_of(work: FramePass, helpers: Helpers | None = None) -> Iterator[Found]:
    """What each frame of the base came to, in the order in which they are done.

    Raises what deciding raises, and Conflict where the home is another one for a helper than it was for this process.
    """
    ranges = deque(work.base.ranges())
    if helpers is None or helpers.count < 1:
        for frame in work.base.frames(work.columns, ranges):
            yield work.found(frame, work.several.elsewhere_of(frame.start, frame.start + len(frame)))
        return
    out = _HandedOut(work, helpers, ranges)
    while ranges or out.are_awaited:
        out.hand_out()
        if ranges:
            taken = ranges.popleft()
            yield work.found(work.base.frame(*taken, work.columns), work.several.elsewhere_of(*taken))
        else:
            out.wait()
        yield from out.done()


class _HandedOut:
    """The frames that the helpers have, out of those that nobody has decided yet."""

    def __init__(self, work: FramePass, helpers: Helpers, ranges: deque[Range]) -> None:
        # Of the base as a whole a helper is told nothing: each frame goes with what is known of its customers.
        several = replace(work.several, elsewhere=())
        self._handed = _Handed(work.base.opening, several, work.contexts, _state(work.base))
        self._elsewhere_of, self._helpers, self._ranges = work.several.elsewhere_of, helpers, ranges
        self._most = helpers.count * TAKEN
        self._awaited: dict[Future[Found], Range] = {}

    @property
    def are_awaited(self) -> bool:
        """Whether the helpers have any."""
        return bool(self._awaited)

    def hand_out(self) -> None:
        """Give the helpers as many as they may have."""
        while len(self._awaited) < self._most and self._ranges:
            taken = self._ranges.popleft()
            try:
                found = self._helpers.found(self._handed, taken, self._elsewhere_of(*taken))
                self._awaited[found] = taken
            except BrokenProcessPool:
                self._take_back(taken)

    def wait(self) -> None:
        """Wait until one of them is decided."""
        wait(self._awaited, return_when="FIRST_COMPLETED")

    def done(self) -> Iterator[Found]:
        """Those that are decided; those of a helper that was killed stand among the undecided again."""
        for future in [one for one in self._awaited if one.done()]:
            taken = self._awaited.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                self._take_back(taken)

    def _take_back(self, taken: Range) -> None:
        # Where memory ran out it would run out again: no more is handed out.
        self._most = 0
        self._ranges.append(taken)


@dataclass(frozen=True, slots=True)
class _Handed:
    """What a helper decides by; state: on what the base was opened."""

    opening: Opening
    several: Several
    contexts: Mapping[str, Context]
    state: tuple[str, str, str]


def _state(base: Base) -> tuple[str, str, str]:
    """The data of a base, the filling of its features, and everything that decides."""
    return base.bank.manifest.data_hash, base.generation.id, base.desk.versions.release_id


def _begin() -> None:
    # An interruption is for the first process to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process where the one that began it was killed: nobody would ever take what it finds."""
    parent = parent_process()
    assert parent is not None  # noqa: S101  this process was begun by one
    connection.wait([parent.sentinel])
    os._exit(1)


_bases: list[Base] = []
_works: list[FramePass] = []
"""What this process opened and works on, where it is a helper: it is one for a single plan."""


def _opened_here(opening: Opening) -> None:
    if not _bases:
        _bases.append(open_base(opening))


def _work(handed: _Handed) -> FramePass:
    if not _works:
        _opened_here(handed.opening)
        _works.append(FramePass(_bases[0], handed.several, handed.contexts))
    return _works[0]


def _found(handed: _Handed, taken: Range, elsewhere: Sequence[NDArray[np.int16]]) -> Found:
    work = _work(handed)
    if _state(work.base) != handed.state:
        raise Conflict(
            "The home was changed while a campaign was being planned in it.",
            "One bank, one filling of the feature store and one release were expected from beginning to end.",
            "Run the command again when nothing else loads, fills or promotes.",
        )
    return work.found(work.base.frame(*taken, work.columns), elsewhere)
