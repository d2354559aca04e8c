"""The rows of limits: value at the true budget of loss, discipline, no harm, hidden confounding, borrowing by band."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.cells import Cell, cells
from benchmarks.value.limits.baselines import BASELINES
from benchmarks.value.limits.judging import BAND_COUNT, judge
from benchmarks.value.numbers import worlds
from benchmarks.value.task import Answers, Task, Topic

__all__ = ["TOPIC"]

VALUE, LOSS, HIDDEN = "limits", "loss discipline", "hidden confounding"
HOW_HIDDEN = 0.8
MEDIUM, LARGE, SMALL, CONFOUNDED = 150_000, 500_000, 50_000, 200_000
DISCIPLINE_SEEDS = tuple(range(1, 21))
CALM, BUDGET_MOST = "unconfounded", 1.05
REACH: Mapping[int, float] = {MEDIUM: 0.87, LARGE: 0.93}
"""By size of log; nothing was asked of smaller ones."""

AIMS = {"share": ("share of the oracle's gain", 0.88), "loss_ratio": ("true loss ÷ budget", 1.10)}
"""Of what is but stated under hidden confounding."""


def _value(world: str, log_count: int, seed: int, *, is_quick: bool = False) -> Task:
    return Task(VALUE, world, log_count, seed, partial(judge, world, log_count, seed), is_quick)


def _loss(seed: int) -> Task:
    run = partial(judge, "base", SMALL, seed, with_baselines=False)
    return Task(LOSS, "base", SMALL, seed, run, is_quick=seed <= 2)


def _hidden(name: str, strength: float, seed: int) -> Task:
    run = partial(judge, "base", CONFOUNDED, seed, hidden_confounding=strength, with_baselines=False)
    return Task(name, "base", CONFOUNDED, seed, run)


TASKS: Sequence[Task] = (
    *(_value(world, MEDIUM, seed) for world, seed in worlds()),
    # The quick form asks smaller logs of the same worlds.
    *(_value(world, SMALL, 1, is_quick=True) for world, seed in worlds() if seed == 1),
    *(_value("base", LARGE, seed) for seed in (1, 2)),
    *(_loss(seed) for seed in DISCIPLINE_SEEDS),
    *(_hidden(name, strength, seed) for seed in (1, 2) for name, strength in ((HIDDEN, HOW_HIDDEN), (CALM, 0.0))),
)


def _rows(answers: Answers) -> Iterator[Row]:
    found = {(cell.name, cell.world, cell.log_count): cell for cell in cells(answers)}
    for cell in found.values():
        if cell.name == VALUE:
            yield from _value_rows(cell)
        elif cell.name == LOSS:
            yield _discipline(cell)
    hidden, calm = (found.get((name, "base", CONFOUNDED)) for name in (HIDDEN, CALM))
    if hidden is not None and calm is not None:
        for name, (what, aim) in AIMS.items():
            ours, beside = hidden.mean(name), calm.mean(name)
            yield Row(
                f"hidden confounding {HOW_HIDDEN}, {what}: {hidden.where}", round(ours, 3), round(beside, 3),
                round(ours, 3), "", None, f"to be stated, the aim {aim:.2f}; beside it: without; {hidden.seeds}",
            )  # fmt: skip


def _value_rows(cell: Cell) -> Iterator[Row]:
    share, gain, reach = cell.mean("share"), cell.mean("gain"), REACH.get(cell.log_count)
    yield Row(
        f"limits at the true loss budget: {cell.where}", round(gain, 2), round(cell.mean("oracle_gain"), 2),
        round(share, 3), "" if reach is None else f">={reach}", None if reach is None else share >= reach,
        "CNY a customer and year beside the oracle on the same features, which has "
        f"{cell.mean('oracle_of_latent'):.2f} of what one who knows all gains; "
        f"by its own budget {cell.mean('nominal_share'):.3f} of the oracle's at "
        f"{cell.mean('loss_ratio'):.2f} of the loss; {cell.seeds}"
        + ("; nothing was asked of a log of this size" if reach is None else ""),
    )  # fmt: skip
    told = {name: cell.mean(f"baseline {name}") for name in BASELINES}
    lead = min(one["gain"] - max(one[f"baseline {name}"] for name in BASELINES) for one in cell.found)
    yield Row(
        f"do no harm, limits, every baseline beaten: {cell.where}", round(gain, 2), round(max(told.values()), 2),
        round(lead, 2), ">0", lead > 0,
        "CNY, least lead of any seed; " + "; ".join(f"{name} {value:.2f}" for name, value in told.items()),
    )  # fmt: skip
    least = min(min(one["gain"], one["nominal_gain"], one["unbound_gain"]) for one in cell.found)
    yield Row(
        f"do no harm, limits, never below no change: {cell.where}", round(least, 2), 0.0, round(least, 2), ">=0",
        least >= 0, f"CNY, least gain of {cell.seeds}: at the true budget, by its own, and without any",
    )  # fmt: skip
    gaps = [cell.mean(f"foretold band {place}") - cell.mean(f"true band {place}") for place in range(BAND_COUNT)]
    worst = max(gaps, key=abs)
    yield Row(
        f"effect of a limit on balance, by risk band: {cell.where}", round(worst, 3), 0.0,
        round(abs(worst), 3), "<=0.05", abs(worst) <= 0.05,
        "of a raise by half, by fifths of PD, foretold less true, share of the raise, from the safest on: "
        + ", ".join(f"{gap:+.3f}" for gap in gaps),
    )  # fmt: skip


def _discipline(cell: Cell) -> Row:
    ratios, hopeful = (np.array(cell.each(name)) for name in ("loss_ratio", "hopeful_loss_ratio"))
    kept, kept_hopeful = (float((one <= BUDGET_MOST).mean()) for one in (ratios, hopeful))
    return Row(
        f"loss discipline: {cell.where}", round(float(np.median(ratios)), 3), round(float(ratios.max()), 3),
        round(kept, 3), ">=0.9", kept >= 0.9,
        f"share of {cell.seeds} whose true loss is at most {BUDGET_MOST} of the budget; ours: the median, beside it "
        f"the worst; {cell.mean('nominal_share'):.3f} of the oracle's gain; were the loss budgeted as expected:"
        f" {kept_hopeful:.2f} of seeds, worst {hopeful.max():.2f}, {cell.mean('hopeful_share'):.3f} of the gain",
    )  # fmt: skip


TOPIC = Topic("limits", TASKS, _rows)
