"""The rows of reasons: contributions add up, and the reasons said are the ones at work."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.reasons.judging import judged
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

REACH, ADDITIVE = 0.85, 1e-6
SEEDS = {"base": (11, 12, 13, 14, 15), "downturn": (11, 12), "thin-margin": (11, 12)}
LOGGED, JUDGED, PLANTED = 200_000, 40_000, 100_000
QUICK_LOGGED, QUICK_JUDGED, QUICK_PLANTED = 50_000, 20_000, 50_000


def _tasks() -> Iterator[Task]:
    for world, seeds in SEEDS.items():
        for seed in seeds:
            yield Task("reasons", world, LOGGED, seed, partial(judged, world, LOGGED, JUDGED, PLANTED, seed))
    run = partial(judged, "base", QUICK_LOGGED, QUICK_JUDGED, QUICK_PLANTED, 11)
    yield Task("reasons, quick", "base", QUICK_LOGGED, 11, run, is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    full = {task: figures for task, figures in answers.items() if task.name == "reasons"} or answers
    worst = max(figures["additivity"] for figures in full.values())
    yield Row(
        "reasons: contributions add up to the score", worst, ADDITIVE, worst / ADDITIVE, f"<={ADDITIVE}",
        worst <= ADDITIVE, f"the farthest of {len(full)} runs, in log-odds",
    )  # fmt: skip
    for world in SEEDS:
        of = [figures for task, figures in full.items() if task.world == world]
        if not of:
            continue
        mean = {name: float(np.mean([one[name] for one in of])) for name in of[0]}
        yield Row(
            f"reasons, {world}: match with the drivers planted", round(mean["match"], 3), round(mean["gain_match"], 3),
            round(mean["match"], 3), f">={REACH}", mean["match"] >= REACH,
            f"of {mean['refused']:.0f} refused raises, {mean['reasons']:.1f} reasons each; seeds "
            f"{', '.join(format(one['match'], '.3f') for one in of)}; the first reason is the first driver: "
            f"{mean['first_match']:.3f}; rival: for everybody the groups that the trees gain most by; the same input "
            f"gives the same reasons: {mean['same_again']:.0%}",
        )  # fmt: skip


TOPIC = Topic("Reasons of refused raises", tuple(_tasks()), _rows)
