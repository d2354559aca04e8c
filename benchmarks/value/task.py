"""One question to the truth of one world, and the topic whose rows its answers make."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.rows import Row

__all__ = ["Answers", "Figures", "Picture", "Task", "Topic"]

Figures = Mapping[str, float]
"""What one task found, by name; lists belong into several names."""

Picture = Callable[[], bytes]
"""Draws a PNG."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is kept of a run that was stopped: nothing smaller than a task is done twice.

    name: of the row or rows that it serves. is_quick: belongs to the form of a quarter of an hour too. run: a
    function at the top of a module, or a partial of one, for it walks to another process.
    """

    name: str
    world: str
    log_count: int
    seed: int
    run: Callable[[], Figures]
    is_quick: bool = False

    @property
    def key(self) -> str:
        """By which its answer is kept."""
        return f"{self.name} {self.world} {self.log_count} {self.seed}"

    @property
    def module(self) -> str:
        """Whose code answers it."""
        run = self.run
        while isinstance(run, partial):
            run = run.func
        return run.__module__


Answers = Mapping[Task, Figures]


@dataclass(frozen=True, slots=True)
class Topic:
    """Tasks that are told together: `rows` makes lines of the table of those that were done.

    pictures: of the same answers, for the page, each with its title.
    """

    name: str
    tasks: Sequence[Task]
    rows: Callable[[Answers], Iterator[Row]]
    pictures: Callable[[Answers], Mapping[str, Picture]] | None = None
