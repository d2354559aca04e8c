"""The row of fairness: impact ratio at least four fifths by every attribute, and what that costs in profit."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.fairness.judging import FOUR_FIFTHS, NAMES, judged
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

REACH = 0.02
SEEDS = {"base": (11, 12, 13, 14, 15), "downturn": (11, 12), "thin-margin": (11, 12)}
LOGGED, JUDGED = 200_000, 50_000
QUICK_LOGGED, QUICK_JUDGED = 50_000, 20_000


def _tasks() -> Iterator[Task]:
    for world, seeds in SEEDS.items():
        for seed in seeds:
            yield Task("fairness", world, LOGGED, seed, partial(judged, world, LOGGED, JUDGED, seed))
    run = partial(judged, "base", QUICK_LOGGED, QUICK_JUDGED, 11)
    yield Task("fairness, quick", "base", QUICK_LOGGED, 11, run, is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    full = {task: figures for task, figures in answers.items() if task.name == "fairness"} or answers
    for world in SEEDS:
        of = [figures for task, figures in full.items() if task.world == world]
        if not of:
            continue
        mean = {name: float(np.mean([one[name] for one in of])) for name in of[0]}
        lowest = min(mean[f"after {name} ratio"] for name in NAMES)
        told = "; ".join(
            f"{name} {mean[f'before {name} ratio']:.2f} [{mean[f'before {name} low']:.2f}, "
            f"{mean[f'before {name} high']:.2f}] and {mean[f'after {name} ratio']:.2f} "
            f"[{mean[f'after {name} low']:.2f}, {mean[f'after {name} high']:.2f}], gap among payers "
            f"{mean[f'before {name} gap']:.3f} and {mean[f'after {name} gap']:.3f}"
            for name in NAMES
        )
        yield Row(
            f"fairness, {world}: cost in profit of an impact ratio of {FOUR_FIFTHS}", round(mean["cost"], 4), 0.0,
            round(mean["cost"], 4), f"<={REACH}", mean["cost"] <= REACH and lowest >= FOUR_FIFTHS,
            f"impact ratio without and with a bonus of {mean['bonus']:.1f} on any raise: {told}; raised "
            f"{mean['raised']:.1%} and {mean['raised_fairly']:.1%}; true loss {mean['loss_change']:+.1%}; costs of "
            f"the seeds {', '.join(format(one['cost'], '.3f') for one in of)}",
        )  # fmt: skip


TOPIC = Topic("Fairness of raises", tuple(_tasks()), _rows)
