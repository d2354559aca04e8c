"""The rows of limits: value at the true budget of loss, discipline, no harm, hidden confounding, borrowing by band."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.limits.baselines import BASELINES
from benchmarks.value.limits.judging import BAND_COUNT, judge
from benchmarks.value.task import Answers, Figures, Task, Topic

__all__ = ["TOPIC"]

VALUE, LOSS, HIDDEN = "limits", "loss discipline", "hidden confounding"
HOW_HIDDEN = 0.8
MEDIUM, LARGE, SMALL, CONFOUNDED = 150_000, 500_000, 50_000, 200_000
WORLDS = {"base": (1, 2, 3, 4, 5), "downturn": (1, 2), "thin-margin": (1, 2)}
DISCIPLINE_SEEDS = tuple(range(1, 21))
CALM, BUDGET_MOST = "unconfounded", 1.05
STATED = "stated"
REACH = {("base", MEDIUM): ">=0.87", ("base", LARGE): ">=0.93"}


def _value(world: str, log_count: int, seed: int, *, is_quick: bool = False) -> Task:
    return Task(VALUE, world, log_count, seed, partial(judge, world, log_count, seed), is_quick)


def _loss(seed: int) -> Task:
    run = partial(judge, "base", SMALL, seed, with_baselines=False)
    return Task(LOSS, "base", SMALL, seed, run, is_quick=seed <= 2)


def _hidden(name: str, strength: float, seed: int) -> Task:
    run = partial(judge, "base", CONFOUNDED, seed, hidden_confounding=strength, with_baselines=False)
    return Task(name, "base", CONFOUNDED, seed, run)


TASKS: Sequence[Task] = (
    *(_value(world, MEDIUM, seed) for world, seeds in WORLDS.items() for seed in seeds),
    # The quick form asks smaller logs of the same worlds.
    *(_value(world, SMALL, 1, is_quick=True) for world in WORLDS),
    *(_value("base", LARGE, seed) for seed in (1, 2)),
    *(_loss(seed) for seed in DISCIPLINE_SEEDS),
    *(_hidden(name, strength, seed) for seed in (1, 2) for name, strength in ((HIDDEN, HOW_HIDDEN), (CALM, 0.0))),
)


def _rows(answers: Answers) -> Iterator[Row]:
    for world, log_count in dict.fromkeys(_at(task) for task in answers if task.name == VALUE):
        found = [figures for task, figures in answers.items() if task.name == VALUE and _at(task) == (world, log_count)]
        yield from _value_rows(f"{world}, {log_count:,} logs", REACH.get((world, log_count), STATED), found)
    if disciplined := _named(answers, LOSS):
        yield _discipline(disciplined)
    hidden, calm = _named(answers, HIDDEN), _named(answers, CALM)
    if hidden and calm:
        for name, what in (("share", "share of the oracle's gain"), ("loss_ratio", "true loss ÷ budget")):
            ours, beside = _mean(hidden, name), _mean(calm, name)
            yield Row(
                f"hidden confounding {HOW_HIDDEN}, {CONFOUNDED:,} logs: {what}", round(ours, 4), round(beside, 4),
                round(ours, 4), STATED, True, f"beside it: without; {len(hidden)} seeds",
            )  # fmt: skip


def _value_rows(where: str, bar: str, found: Sequence[Figures]) -> Iterator[Row]:
    seeds = f"{len(found)} seeds" if len(found) > 1 else "1 seed"
    share, gain = _mean(found, "share"), _mean(found, "gain")
    yield Row(
        f"limits at the true loss budget: {where}", round(gain, 2), round(_mean(found, "oracle_gain"), 2),
        round(share, 4), bar, bar == STATED or share >= float(bar.lstrip(">=")),
        "CNY a customer and year beside the oracle on the same features, which has "
        f"{_mean(found, 'oracle_of_latent'):.2f} of what one who knows all gains; "
        f"by its own budget {_mean(found, 'nominal_share'):.3f} of the oracle's at "
        f"{_mean(found, 'loss_ratio'):.2f} of the loss; {seeds}",
    )  # fmt: skip
    told = {name: _mean(found, f"baseline {name}") for name in BASELINES}
    lead = min(one["gain"] - max(one[f"baseline {name}"] for name in BASELINES) for one in found)
    yield Row(
        f"limits, every baseline beaten: {where}", round(gain, 2), round(max(told.values()), 2), round(lead, 2), ">0",
        lead > 0, "CNY, least lead of any seed; " + "; ".join(f"{name} {value:.2f}" for name, value in told.items()),
    )  # fmt: skip
    least = min(min(one["gain"], one["nominal_gain"], one["unbound_gain"]) for one in found)
    yield Row(
        f"limits, never below no change: {where}", round(least, 2), 0.0, round(least, 2), ">=0", least >= 0,
        f"CNY, least gain of {seeds}: at the true budget, by its own, and without any",
    )  # fmt: skip
    gaps = [_mean(found, f"foretold band {place}") - _mean(found, f"true band {place}") for place in range(BAND_COUNT)]
    worst = max(gaps, key=abs)
    yield Row(
        f"effect of a raise by half on the balance, by fifth of PD: {where}", round(worst, 4), 0.0,
        round(abs(worst), 4), "<=0.05", abs(worst) <= 0.05,
        "foretold less true, share of a raise, from the safest on: " + ", ".join(f"{gap:+.3f}" for gap in gaps),
    )  # fmt: skip


def _discipline(found: Sequence[Figures]) -> Row:
    ratios, careful = (np.array([one[name] for one in found]) for name in ("loss_ratio", "careful_loss_ratio"))
    kept, kept_careful = (float((one <= BUDGET_MOST).mean()) for one in (ratios, careful))
    return Row(
        f"loss discipline: base, {SMALL:,} logs, {len(ratios)} seeds", round(float(np.median(ratios)), 4),
        round(float(ratios.max()), 4), round(kept, 4), ">=0.9", kept >= 0.9,
        f"share of seeds whose true loss is at most {BUDGET_MOST} of the budget; ours: the median, beside it the worst;"
        f" {_mean(found, 'nominal_share'):.3f} of the oracle's gain; were the loss at its cautious end budgeted:"
        f" {kept_careful:.2f} of seeds, worst {careful.max():.2f}, {_mean(found, 'careful_share'):.3f} of the gain",
    )  # fmt: skip


def _at(task: Task) -> tuple[str, int]:
    return task.world, task.log_count


def _named(answers: Answers, name: str) -> list[Figures]:
    return [figures for task, figures in answers.items() if task.name == name]


def _mean(found: Sequence[Figures], name: str) -> float:
    return float(np.mean([one[name] for one in found]))


TOPIC = Topic("limits", TASKS, _rows)
