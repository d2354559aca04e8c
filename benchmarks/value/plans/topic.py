"""The row of plans: the ladder's share of what the best proposals by the same features and duties would bring."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.plans.judging import judged
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

REACH = 0.88
# The ladder was changed by what seed 1 showed; others judge it.
SEEDS = {"base": (11, 12, 13, 14, 15), "downturn": (11, 12), "thin-margin": (11, 12)}
LOGGED, JUDGED, TAUGHT = 200_000, 80_000, 160_000
QUICK_LOGGED, QUICK_JUDGED, QUICK_TAUGHT = 100_000, 30_000, 140_000


def _tasks() -> Iterator[Task]:
    for world, seeds in SEEDS.items():
        for seed in seeds:
            run = partial(judged, world, LOGGED, JUDGED, TAUGHT, seed)
            yield Task("plans", world, LOGGED, seed, run)
    for world in ("base", "thin-margin"):
        run = partial(judged, world, QUICK_LOGGED, QUICK_JUDGED, QUICK_TAUGHT, 11)
        yield Task("plans, quick", world, QUICK_LOGGED, 11, run, is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    full = {task: figures for task, figures in answers.items() if task.name == "plans"} or answers
    for world in SEEDS:
        of = [figures for task, figures in full.items() if task.world == world]
        if not of:
            continue
        mean = {name: float(np.mean([one[name] for one in of])) for name in of[0]}
        share, best_rival = mean["share"], max(mean["longest_share"], mean["twelve_share"])
        signs = all(one["broken_by_cut"] < 0 <= one["broken_by_stretch"] for one in of)
        is_kept = all(one["allowed"] == one["legal"] == 1.0 for one in of)
        each = ", ".join(f"{one['share']:.3f}" for one in of)
        yield Row(
            f"plans, {world}: share of the oracle's net present value", round(share, 3), round(best_rival, 3),
            round(share, 3), f">={REACH}", share >= REACH and signs and is_kept,
            f"seeds {each}; without the deep cut {mean['without_deep_cut_share']:.3f}; longest term "
            f"{mean['longest_share']:.3f}, twelve months {mean['twelve_share']:.3f}; the oracle on X "
            f"{mean['oracle_gap']:.1%} below the latent one; all legal and borne: {is_kept}; default "
            f"{mean['broken_before']:.3f}, by the lowest rate {mean['broken_by_cut']:+.3f}, by a mere stretch "
            f"{mean['broken_by_stretch']:+.3f}; no step enough, for a person: {mean['to_a_person']:.1%}",
        )  # fmt: skip


TOPIC = Topic("Plans for who cannot pay", tuple(_tasks()), _rows)
