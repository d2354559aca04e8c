"""The rows of the table that offers answer for, and the tasks behind them."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.cells import Cell, cells
from benchmarks.value.numbers import worlds
from benchmarks.value.offers.allocation import judge
from benchmarks.value.offers.off_policy import judge_off_policy
from benchmarks.value.offers.stability import judge_stability
from benchmarks.value.task import Answers, Task, Topic
from training.off_policy import METHODS

__all__ = ["TOPIC"]

VALUE, OFF_POLICY, STABILITY = "offers", "off-policy", "offers stability"
LOGS, QUICK_LOGS = 200_000, 50_000
PLAIN = ("bank_engine", "propensity", "propensity_value", "value_alone", "s_on_profit")
"""Rules that do without an effect of showing."""

RIVALS = (*PLAIN, "s_learner", "t_learner")
STABLE = {"week": "a week of retraining", "next_day": "the next day's retraining", "other_seed": "another seed"}


def _tasks() -> Iterator[Task]:
    for world, seed in worlds():
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
    of = {VALUE: _of_value, OFF_POLICY: _of_off_policy, STABILITY: _of_stability}
    for cell in cells(answers):
        yield from of[cell.name](cell)


def _share(cell: Cell, name: str) -> float:
    """Of the oracle on the same features, the mean over seeds."""
    return float(np.mean([one[name] / one["oracle_on_x"] for one in cell.found]))


def _of_value(cell: Cell) -> Iterator[Row]:
    share = _share(cell, "product")
    rivals = {name: _share(cell, name) for name in RIVALS}
    best = max(rivals, key=lambda name: rivals[name])
    least = min(one["product"] / one["oracle_on_x"] for one in cell.found)
    told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in rivals.items())
    yield Row(
        f"offers under budget and capacity, agents choosing what to pitch: {cell.where}", round(share, 3),
        round(rivals[best], 3), round(share, 3), ">=0.93", share >= 0.93,
        f"share of the value of the oracle on the same features and under the same rules ({cell.seeds}; least "
        f"{least:.3f}); that oracle is {1 / _share(cell, 'oracle_on_latent'):.3f} of the one that sees what is "
        f"hidden; as logged, without budgets, {_share(cell, 'logged'):.3f}; under the budgets {told}; the best rival "
        f"is {best.replace('_', ' ')}; ours is the S-learner with a correction, whose weight was "
        f"{', '.join(format(one, '.2f') for one in cell.each('correction_slope'))} (at 0 both are one)",
    )  # fmt: skip
    lead = min(one["product"] - max(one[name] for name in PLAIN) for one in cell.found) / 100.0
    yield Row(
        f"do no harm, offers, every plainer rule beaten: {cell.where}", round(cell.mean("product") / 100.0, 2),
        round(max(cell.mean(name) for name in PLAIN) / 100.0, 2), round(lead, 2), ">0", lead > 0,
        "CNY a customer, least lead of any seed over the best of " + ", ".join(PLAIN).replace("_", " "),
    )  # fmt: skip
    ece = cell.mean("ece")
    yield Row(
        f"calibration out of time, take-up, ECE: {cell.where}", round(ece, 4), 0.0, round(ece, 4), "<=0.01",
        ece <= 0.01,
        "20 cells of equally many, showings of other people in the last six months against the truth; against drawn "
        f"orders, whose noise alone leaves a distance, {cell.mean('ece_of_orders'):.4f}; expected "
        f"{cell.mean('expected_take_up'):.4f}, true {cell.mean('true_take_up'):.4f}; mean effect of showing "
        f"{cell.mean('mean_effect'):.4f}, clipped {cell.mean('clipped_ratio'):.3f}; {cell.seeds}",
    )  # fmt: skip


def _of_off_policy(cell: Cell) -> Iterator[Row]:
    rms = {one: float(np.sqrt(np.mean(np.square(cell.each(f"{one}_rms"))))) for one in METHODS}
    held = {one: cell.mean(f"{one}_held") for one in METHODS}
    told = "; ".join(
        f"{one} {rms[one]:.3f}, held {held[one]:.2f}, bias {cell.mean(f'{one}_bias'):+.3f}" for one in METHODS
    )
    ours = rms["switch_dr"]
    yield Row(
        f"off-policy value, RMS relative error: {cell.where}", round(ours, 4), round(rms["dr"], 4), round(ours, 4),
        "<=0.03", ours <= 0.03,
        f"50 policies that no log has followed ({cell.seeds}), SWITCH-DR beside DR; effective sample "
        f"{cell.mean('effective_ratio'):.3f} of the log; {told}",
    )  # fmt: skip
    share = held["switch_dr"]
    yield Row(
        f"off-policy value, share of 95% intervals that hold the truth: {cell.where}", round(share, 3),
        round(held["dr"], 3), round(share, 3), ">=0.88", 0.88 <= share <= 0.98,
        f"and at most 0.98 ({cell.seeds}), SWITCH-DR beside DR; the others in the row above",
    )  # fmt: skip


def _of_stability(cell: Cell) -> Iterator[Row]:
    beside, earned = cell.mean("week_grown_anew"), cell.mean("earned_after") / cell.mean("earned_before")
    notes = {
        "week": f"of {cell.mean('new_rows_a_week'):.0f} new decisions; what is earned is {earned:.4f} of before",
        "next_day": "the champion's leaves moved",
        "other_seed": "new trees on the same log: the model of take-up draws nothing that a seed could move, and its "
        "folds are dealt by customers' numbers; what is left is the model of default",
    }
    for name, what in STABLE.items():
        share = cell.mean(name)
        yield Row(
            f"stability, offers, {what}: {cell.where}", round(share, 4), round(beside, 4), round(share, 4), "<=0.01",
            share <= 0.01,
            f"share of customers with another suggestion ({cell.seeds}), {notes[name]}; beside it new trees a week "
            "later",
        )  # fmt: skip


TOPIC = Topic("offers", tuple(_tasks()), _rows)
