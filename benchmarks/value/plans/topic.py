"""The row of plans: the ladder's share of what the best proposals by the same features and duties would bring."""

from collections.abc import Iterator
from functools import partial

from benchmarks.rows import Row
from benchmarks.value.cells import cells
from benchmarks.value.numbers import worlds
from benchmarks.value.plans.judging import judged
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

REACH = 0.88
# The ladder was changed by what seed 1 showed; others judge it.
FIRST_SEED = 11
LOGGED, JUDGED, TAUGHT = 200_000, 80_000, 160_000
QUICK_LOGGED, QUICK_JUDGED, QUICK_TAUGHT = 100_000, 30_000, 140_000


def _tasks() -> Iterator[Task]:
    for world, seed in worlds(FIRST_SEED):
        run = partial(judged, world, LOGGED, JUDGED, TAUGHT, seed)
        yield Task("plans", world, LOGGED, seed, run)
    for world in ("base", "thin-margin"):
        run = partial(judged, world, QUICK_LOGGED, QUICK_JUDGED, QUICK_TAUGHT, FIRST_SEED)
        yield Task("plans", world, QUICK_LOGGED, FIRST_SEED, run, is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    for cell in cells(answers):
        share, best_rival = cell.mean("share"), max(cell.mean("longest_share"), cell.mean("twelve_share"))
        signs = all(one["broken_by_cut"] < 0 <= one["broken_by_stretch"] for one in cell.found)
        is_kept = all(one["allowed"] == one["legal"] == 1.0 for one in cell.found)
        yield Row(
            f"plans, share of the oracle's net present value: {cell.where}", round(share, 3), round(best_rival, 3),
            round(share, 3), f">={REACH}", share >= REACH and signs and is_kept,
            f"seeds {cell.listed('share')}; without the deep cut {cell.mean('without_deep_cut_share'):.3f}; longest "
            f"term {cell.mean('longest_share'):.3f}, twelve months {cell.mean('twelve_share'):.3f}; the oracle on X "
            f"{cell.mean('oracle_gap'):.1%} below the latent one; all legal and borne: {is_kept}; default "
            f"{cell.mean('broken_before'):.3f}, by the lowest rate {cell.mean('broken_by_cut'):+.3f}, by a mere "
            f"stretch {cell.mean('broken_by_stretch'):+.3f}; no step enough, for a person: "
            f"{cell.mean('to_a_person'):.1%}",
        )  # fmt: skip


TOPIC = Topic("Plans for who cannot pay", tuple(_tasks()), _rows)
