"""Answers put together as topics tell them: those of one question to one world and size of log, one a seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.value.task import Answers, Figures

__all__ = ["Cell", "cells"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found of one question, one entry a seed."""

    name: str
    world: str
    log_count: int
    found: Sequence[Figures]

    @property
    def where(self) -> str:
        """World and size, as names of rows end."""
        return f"{self.world}, {self.log_count:,} logs"

    @property
    def seeds(self) -> str:
        """How many seeds it is of, in words."""
        return f"{len(self.found)} seed{'s' if len(self.found) > 1 else ''}"

    def each(self, name: str) -> list[float]:
        """One figure of every seed."""
        return [one[name] for one in self.found]

    def listed(self, name: str) -> str:
        """One figure of every seed, in words."""
        return ", ".join(f"{one:.3f}" for one in self.each(name))

    def mean(self, name: str) -> float:
        """Over seeds."""
        return float(np.mean(self.each(name)))


def cells(answers: Answers) -> list[Cell]:
    """In the order in which their first tasks stand."""
    together: dict[tuple[str, str, int], list[Figures]] = {}
    for task, figures in answers.items():
        together.setdefault((task.name, task.world, task.log_count), []).append(figures)
    return [Cell(*of, found) for of, found in together.items()]
