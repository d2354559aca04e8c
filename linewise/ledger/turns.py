"""Turns: of the threads of one process one computes at a time, so that none is held up in the middle of its work."""

import threading
from collections import deque
from types import TracebackType
from typing import Self

__all__ = ["Turn", "Turns"]


class Turns:
    """Who asks first has the first turn. Nobody asks for a second one while they have one.

    Threads that compute side by side share one interpreter, which goes round among them every few milliseconds: all
    are done late, and one that holds the right to write meanwhile lets every other process wait.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def is_taken(self) -> bool:
        """Whether somebody has the turn."""
        return self._is_taken

    @property
    def waiting_count(self) -> int:
        """How many wait for it."""
        return len(self._waiting)

    def turn(self, *, is_first: bool = False) -> "Turn":
        """A turn, which is the block that it is entered by; is_first: before all who wait already."""
        return Turn(self, is_first)

    def take(self, *, is_first: bool) -> None:
        """Wait for the turn; whoever took it gives it back."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            (self._waiting.appendleft if is_first else self._waiting.append)(mine)
        mine.acquire()

    def give(self) -> None:
        """Hand the turn over to the next who waits: nobody who comes later slips in between."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class Turn:
    """One turn; it is over with its block, or before."""

    def __init__(self, turns: Turns, is_first: bool) -> None:
        self._turns, self._is_first = turns, is_first
        self._is_mine = False

    def __enter__(self) -> Self:
        self._turns.take(is_first=self._is_first)
        self._is_mine = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.over()

    def over(self) -> None:
        """Let the next one begin: what is left of the block computes nothing."""
        if self._is_mine:
            self._is_mine = False
            self._turns.give()
