"""The row of fairness: impact ratio at least four fifths by every attribute, and what that costs in profit."""

from collections.abc import Iterator
from functools import partial

from benchmarks.rows import Row
from benchmarks.value.cells import Cell, cells
from benchmarks.value.fairness.judging import FOUR_FIFTHS, NAMES, judged
from benchmarks.value.numbers import worlds
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

REACH = 0.02
FIRST_SEED = 11
LOGGED, QUICK_LOGGED = 200_000, 50_000
JUDGED = 50_000
"""In both forms: of fewer the interval of the ratio is wider than the margin asked for on the audit's sample."""


def _tasks() -> Iterator[Task]:
    for world, seed in worlds(FIRST_SEED):
        yield Task("fairness", world, LOGGED, seed, partial(judged, world, LOGGED, JUDGED, seed))
    run = partial(judged, "base", QUICK_LOGGED, JUDGED, FIRST_SEED)
    yield Task("fairness", "base", QUICK_LOGGED, FIRST_SEED, run, is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    for cell in cells(answers):
        cost, lowest = cell.mean("cost"), _lowest(cell, "after")
        told = "; ".join(
            f"{name} {_ratio(cell, 'before', name)} and {_ratio(cell, 'after', name)}, gap among payers "
            f"{cell.mean(f'before {name} gap'):.3f} and {cell.mean(f'after {name} gap'):.3f}"
            for name in NAMES
        )
        yield Row(
            f"fairness, cost in profit of an impact ratio of {FOUR_FIFTHS}: {cell.where}", round(cost, 4),
            round(cell.mean("cost_evenly"), 4), round(cost, 4), f"<={REACH}", cost <= REACH and lowest >= FOUR_FIFTHS,
            f"the lowest impact ratio is {lowest:.3f} with a bonus that leans to whom inputs tell of; with one bonus "
            f"for everybody ({cell.mean('bonus'):.1f} CNY on any raise) {_lowest(cell, 'evenly'):.3f}, at the cost "
            f"beside; without and with the leaning one: {told}; raised {cell.mean('raised'):.1%} and "
            f"{cell.mean('raised_fairly'):.1%}, with one for everybody {cell.mean('raised_evenly'):.1%}; true loss "
            f"{cell.mean('loss_change'):+.1%}; costs of the seeds {cell.listed('cost')}",
        )  # fmt: skip


def _lowest(cell: Cell, when: str) -> float:
    return min(cell.mean(f"{when} {name} ratio") for name in NAMES)


def _ratio(cell: Cell, when: str, name: str) -> str:
    ratio, low, high = (cell.mean(f"{when} {name} {what}") for what in ("ratio", "low", "high"))
    return f"{ratio:.2f} [{low:.2f}, {high:.2f}]"


TOPIC = Topic("Fairness of raises", tuple(_tasks()), _rows)
