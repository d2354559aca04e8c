"""Requests that wait for their turn are decided by whoever has it, as one chunk: ten cost little more than one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from features.online import OnlineGeneration
from linewise.core.errors import LinewiseError
from linewise.decisioning.types import Context, Decisions
from serving.scoring.promises import Promises

__all__ = ["CHUNK_MOST", "Chunks", "Made", "Request"]

CHUNK_MOST = 16
"""More are not decided in one turn, so that who waits for the turn to write never waits long."""

ANY_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """What was decided of one customer: the row of a chunk, and the promises that all of it was decided on."""

    decisions: Decisions
    row: int
    promises: Promises


@dataclass(slots=True, eq=False)
class Request:
    """One customer to be decided on. second_amt: minor units that a second of the agent costs those who wait.

    goes_alone: it is decided with nobody else; made: what was decided, None until somebody has.
    """

    customer_id: str
    context: Context
    generation: OnlineGeneration
    second_amt: float
    goes_alone: bool = False
    made: Made | None = None
    circumstances: tuple[Any, ...] = field(init=False)
    """What all of a chunk have in common: everything but the customer and the moment."""

    def __post_init__(self) -> None:
        at_any_moment = replace(self.context, decided_at=ANY_MOMENT)
        self.circumstances = (at_any_moment, self.generation.id, self.second_amt)

    def goes_with(self, other: "Request") -> bool:
        """Whether one chunk may hold both. A customer's second decision has to see what the first one promised."""
        return (
            not (self.goes_alone or other.goes_alone)
            and self.customer_id != other.customer_id
            and self.circumstances == other.circumstances
        )


class Chunks:
    """The requests of a process that wait; safe for several threads, of which one at a time has the turn to decide."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: list[Request] = []

    @contextmanager
    def waiting(self, request: Request) -> Iterator[None]:
        """Within the block somebody else may decide on the request, unless it goes alone."""
        with self._guard:
            self._waiting.append(request)
        try:
            yield
        finally:
            self._taken([request])

    def made(self, request: Request, make: Callable[[Sequence[Request]], Sequence[Made]]) -> Made:
        """What was decided of a request whose turn it is: before, by another one, or now, with all that go with it.

        make: decides on some requests, in their order. What it raises is raised for a request that was alone in it;
        where others were, it may be about one of them, and each is decided alone.
        """
        if request.made is not None:
            return request.made
        chunk = self._chunk_of(request)
        try:
            found = make(chunk)
        except LinewiseError:
            if len(chunk) == 1:
                raise
            for one in chunk:
                one.goes_alone = True
            return make([request])[0]
        for one, made in zip(chunk, found, strict=True):
            one.made = made
        return found[0]

    def _chunk_of(self, request: Request) -> list[Request]:
        with self._guard:
            chunk = [request]
            for one in self._waiting:
                if len(chunk) < CHUNK_MOST and one is not request and all(one.goes_with(other) for other in chunk):
                    chunk.append(one)
        self._taken(chunk)
        return chunk

    def _taken(self, requests: Sequence[Request]) -> None:
        with self._guard:
            self._waiting = [one for one in self._waiting if not any(one is taken for taken in requests)]
