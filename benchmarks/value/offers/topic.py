"""The rows of the table that offers answer for, and the tasks behind them."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.offers.allocation import judge
from benchmarks.value.offers.off_policy import judge_off_policy
from benchmarks.value.offers.stability import judge_stability
from benchmarks.value.task import Answers, Figures, Task, Topic

__all__ = ["TOPIC"]

VALUE, OFF_POLICY, STABILITY = "offers", "off-policy", "offers stability"
LOGS, QUICK_LOGS = 200_000, 50_000
RIVALS = (
    "bank_engine", "propensity", "propensity_value", "value_alone", "s_learner", "t_learner", "s_on_profit",
)  # fmt: skip


def _tasks() -> Iterator[Task]:
    worlds = [("base", seed) for seed in range(1, 6)]
    worlds += [(world, seed) for world in ("downturn", "thin-margin") for seed in (1, 2)]
    for world, seed in worlds:
        yield Task(VALUE, world, LOGS, seed, partial(judge, world, LOGS, seed))
    for seed in range(1, 11):
        yield Task(OFF_POLICY, "base", LOGS, seed, partial(judge_off_policy, "base", LOGS, seed))
    for seed in (1, 2):
        yield Task(STABILITY, "base", LOGS, seed, partial(judge_stability, "base", LOGS, seed))
    # A quarter of the log: so much takes about four minutes of two cores.
    yield Task(VALUE, "base", QUICK_LOGS, 1, partial(judge, "base", QUICK_LOGS, 1), is_quick=True)
    yield Task(OFF_POLICY, "base", QUICK_LOGS, 1, partial(judge_off_policy, "base", QUICK_LOGS, 1), is_quick=True)
    yield Task(STABILITY, "base", QUICK_LOGS, 1, partial(judge_stability, "base", QUICK_LOGS, 1), is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    cells: dict[tuple[str, str, int], list[Figures]] = {}
    for task, figures in answers.items():
        cells.setdefault((task.name, task.world, task.log_count), []).append(figures)
    for (name, world, log_count), found in cells.items():
        said = f"{world}, {log_count // 1_000}k logs, {len(found)} seed{'s' if len(found) > 1 else ''}"
        if name == VALUE:
            yield from _of_value(said, found)
        elif name == OFF_POLICY:
            yield from _of_off_policy(said, found)
        else:
            yield from _of_stability(said, found)


def _mean(found: list[Figures], name: str) -> float:
    return float(np.mean([one[name] for one in found]))


def _share(found: list[Figures], name: str) -> float:
    """Of the oracle on the same features, the mean over seeds."""
    return float(np.mean([one[name] / one["oracle_on_x"] for one in found]))


def _of_value(said: str, found: list[Figures]) -> Iterator[Row]:
    share = _share(found, "product")
    rivals = {name: _share(found, name) for name in RIVALS}
    best = max(rivals, key=lambda name: rivals[name])
    least = min(one["product"] / one["oracle_on_x"] for one in found)
    told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in rivals.items())
    note = (
        f"share of the value of the oracle on the same features and under the same rules ({said}; least seed "
        f"{least:.3f}); that oracle is {1 / _share(found, 'oracle_on_latent'):.3f} of the one that sees what is "
        f"hidden; as logged, without budgets, {_share(found, 'logged'):.3f}; under the budgets {told}; "
        f"the best rival is {best.replace('_', ' ')}"
    )
    name = f"offers under budget and capacity, agents choosing what to pitch ({said})"
    yield Row(name, share, rivals[best], share, ">=0.93", share >= 0.93, note)
    ece = _mean(found, "ece")
    note = (
        f"20 cells of equally many, showings of other people in the last six months against the truth; against drawn "
        f"orders, whose noise alone leaves a distance, {_mean(found, 'ece_of_orders'):.4f}; expected "
        f"{_mean(found, 'expected_take_up'):.4f}, true {_mean(found, 'true_take_up'):.4f}; mean effect of showing "
        f"{_mean(found, 'mean_effect'):.4f}, clipped {_mean(found, 'clipped_ratio'):.3f}"
    )
    yield Row(f"calibration of take-up, ECE ({said})", ece, 0.0, ece, "<=0.010", ece <= 0.010, note)


def _of_off_policy(said: str, found: list[Figures]) -> Iterator[Row]:
    methods = ("ips", "snips", "dm", "dr", "switch_dr")
    rms = {method: float(np.sqrt(np.mean([one[f"{method}_rms"] ** 2 for one in found]))) for method in methods}
    held = {method: _mean(found, f"{method}_held") for method in methods}
    bias = {method: _mean(found, f"{method}_bias") for method in methods}
    told = "; ".join(f"{one} {rms[one]:.3f}, held {held[one]:.2f}, bias {bias[one]:+.3f}" for one in methods)
    effective = f"effective sample {_mean(found, 'effective_ratio'):.3f} of the log"
    best = rms["switch_dr"]
    note = f"50 policies that no log has followed ({said}), SWITCH-DR; {effective}; {told}"
    yield Row(f"off-policy value, RMS relative error ({said})", best, rms["dr"], best, "<=0.03", best <= 0.03, note)
    share = held["switch_dr"]
    note = f"share of 95% intervals that hold the truth ({said}), SWITCH-DR; the others in the row above"
    name = f"off-policy value, coverage ({said})"
    yield Row(name, share, held["dr"], share, ">=0.88", 0.88 <= share <= 0.98, note)


def _of_stability(said: str, found: list[Figures]) -> Iterator[Row]:
    week = _mean(found, "week")
    note = (
        f"share of customers with another suggestion after a week ({said}) in which "
        f"{_mean(found, 'new_rows_a_week'):.0f} decisions came and as many went, the champion's leaves moved: next day "
        f"{_mean(found, 'next_day'):.4f}; new trees on the week's log {_mean(found, 'week_grown_anew'):.4f}, on the "
        f"same log by another seed {_mean(found, 'other_seed'):.4f}; what is earned is "
        f"{_mean(found, 'earned_after') / _mean(found, 'earned_before'):.4f} of before"
    )
    rival = _mean(found, "week_grown_anew")
    yield Row(f"stability of offers ({said})", week, rival, week, "<=0.01", week <= 0.01, note)


TOPIC = Topic("offers", tuple(_tasks()), _rows)
