"""Suggestions that change although nothing about the customer has: another seed, a day, a week of retraining."""

from dataclasses import replace

import numpy as np

from benchmarks.value.offers.allocation import judged_callers, world_of
from benchmarks.value.offers.learning import Learnt, learnt_from, showing_data, take_up_spec
from benchmarks.value.offers.worth import chosen
from benchmarks.value.task import Figures
from linewise.decisioning.types import Ints
from linewise.simulation.logged.offers import offer_log
from training.renewing import renewed_model

__all__ = ["MEMORY_RATIO", "judge_stability"]

MEMORY_RATIO = 0.95
DAYS_A_MONTH = 30.44


def judge_stability(name: str, log_count: int, seed: int) -> Figures:
    """The share of customers whose suggestion, an offer or none, is another one.

    A day brings its share of the log anew and takes as much of the oldest away. Retrained is as a bank does it day by
    day: the leaves of the champion's take-up model move, the model of default stays (seven days in one step of seven
    days' memory). `grown_anew` says what new trees of both on the week's log would change, `other_seed` what new trees
    of both on the same log would.
    """
    world = world_of(name, log_count, seed)
    a_day = round(log_count / (world.month_count * DAYS_A_MONTH))
    callers, _, stakes = judged_callers(world)

    def suggested(learnt: Learnt) -> Ints:
        value = stakes.value_amt(learnt.default_12m(callers))
        return chosen(stakes, stakes.priority_amt(learnt.uplift(callers), value))

    def of_log(days: int, new_seed: int = seed) -> Learnt:
        return learnt_from(world, offer_log(world, log_count, days * a_day), new_seed)

    def renewed(before: Learnt, days: int) -> Learnt:
        spec = take_up_spec(log_count, memory_ratio=MEMORY_RATIO**days)
        data = showing_data(world, offer_log(world, log_count, days * a_day))
        return replace(before, take_up=renewed_model(spec, before.take_up, data, seed))

    champion = of_log(0)
    before, after = suggested(champion), suggested(renewed(champion, 7))
    return {
        "other_seed": changed(before, suggested(of_log(0, seed + 1_000))),
        "next_day": changed(before, suggested(renewed(champion, 1))),
        "week": changed(before, after),
        "week_grown_anew": changed(before, suggested(of_log(7))),
        "earned_before": stakes.earned_amt(before),
        "earned_after": stakes.earned_amt(after),
        "new_rows_a_week": 7.0 * a_day,
    }


def changed(before: Ints, after: Ints) -> float:
    """The share of customers with another suggestion."""
    return float(np.mean(before != after))
