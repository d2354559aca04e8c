"""The rows of reasons: contributions add up, and the reasons said are the ones at work."""

from collections.abc import Iterator
from functools import partial

from benchmarks.rows import Row
from benchmarks.value.cells import cells
from benchmarks.value.numbers import worlds
from benchmarks.value.reasons.judging import judged
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

REACH, ADDITIVE = 0.85, 1e-6
FIRST_SEED = 11
LOGGED, JUDGED, PLANTED = 200_000, 40_000, 100_000
QUICK_LOGGED, QUICK_JUDGED, QUICK_PLANTED = 50_000, 20_000, 50_000


def _tasks() -> Iterator[Task]:
    for world, seed in worlds(FIRST_SEED):
        yield Task("reasons", world, LOGGED, seed, partial(judged, world, LOGGED, JUDGED, PLANTED, seed))
    run = partial(judged, "base", QUICK_LOGGED, QUICK_JUDGED, QUICK_PLANTED, FIRST_SEED)
    yield Task("reasons", "base", QUICK_LOGGED, FIRST_SEED, run, is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    if not answers:
        return
    worst = max(figures["additivity"] for figures in answers.values())
    yield Row(
        "reasons, additivity", float(f"{worst:.1e}"), ADDITIVE, float(f"{worst:.1e}"), f"<={ADDITIVE}",
        worst <= ADDITIVE, f"the farthest of contributions from the score in {len(answers)} runs, in log-odds",
    )  # fmt: skip
    for cell in cells(answers):
        match = cell.mean("match")
        yield Row(
            f"reasons, match with the drivers planted: {cell.where}", round(match, 3),
            round(cell.mean("gain_match"), 3), round(match, 3), f">={REACH}", match >= REACH,
            f"of {cell.mean('refused'):.0f} refused raises, {cell.mean('reasons'):.1f} reasons each; seeds "
            f"{cell.listed('match')}; the first reason is the first driver: "
            f"{cell.mean('first_match'):.3f}; rival: for everybody the groups that the trees gain most by; the same "
            f"input gives the same reasons: {cell.mean('same_again'):.0%}",
        )  # fmt: skip


TOPIC = Topic("Reasons of refused raises", tuple(_tasks()), _rows)
