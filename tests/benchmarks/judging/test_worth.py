"""What a raise brings and loses in the truth, and the others that it is laid beside."""

import numpy as np
import pytest

from benchmarks.judging.people import people_of
from benchmarks.judging.policies import ARMS, Arms, bank_factor
from benchmarks.judging.worth import Effects, Judge, Worth
from linewise.simulation.truth import Truth
from linewise.simulation.world import World

WORLD = World(month_count=12, seed=1)
TRUTH = Truth(WORLD)
NUMBER = np.arange(1, 601)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(TRUTH, NUMBER, futures=2, horizon_months=12)


def test_no_change_is_worth_nothing(judge: Judge) -> None:
    effects = judge.effects(np.ones(len(NUMBER)))
    assert not any(getattr(effects, name).any() for name in Effects.__slots__)


def test_only_who_is_raised_has_an_effect_and_the_same_one_whoever_else_is(judge: Judge) -> None:
    some = np.where(NUMBER % 3 == 0, 1.5, 1.0)
    alone, everybody = judge.effects(some), judge.effects(np.full(len(NUMBER), 1.5))
    assert not alone.profit_amt[some == 1.0].any()
    assert np.array_equal(alone.profit_amt, everybody.where(some > 1.0).profit_amt)
    assert np.array_equal(alone.profit_amt, judge.effects(some).profit_amt)


def test_what_is_owed_in_default_at_the_end_counts_as_lost_like_what_was_given_up(judge: Judge) -> None:
    effects = judge.effects(np.full(len(NUMBER), 2.0))
    plain = np.zeros(len(NUMBER))
    for future in (1, 2):
        plain += TRUTH.effect(NUMBER, TRUTH.next_month, 2.0, future=future).profit_amt / 2
    owed = np.zeros(len(NUMBER))
    for future in (1, 2):
        owed += TRUTH.effect(NUMBER, TRUTH.next_month, 2.0, future=future).owed_in_default_amt / 2
    assert owed.any()
    assert np.allclose(effects.profit_amt, plain - judge.loss_given_default_ratio * owed)


def test_the_worth_of_a_policy_is_that_of_a_customer_of_the_base() -> None:
    effects = Effects(np.array([300.0, -100.0, 0.0, 0.0]), np.array([0.0, 80.0, 0.0, 0.0]), np.array([0.0, 1.0, 0, 0]))
    worth = Worth.of("ours", np.array([1.5, 1.1, 1.0, 1.0]), effects)
    assert (worth.raised_ratio, worth.raise_ratio) == (0.5, pytest.approx(0.3))
    assert (worth.profit_amt, worth.loss_amt, worth.default_ratio) == (50.0, 20.0, 0.25)
    assert worth.profit_error_amt == pytest.approx(np.std([300, -100, 0, 0]) / 2)


def test_the_effects_of_the_raised_spread_over_the_base() -> None:
    found = Effects(*np.array([[5.0], [1.0], [0.5]])).spread(np.array([False, True, False]))
    assert found.profit_amt.tolist() == [0.0, 5.0, 0.0]


def test_the_banks_own_reviews_raise_some_by_its_own_steps() -> None:
    factor = bank_factor(TRUTH, NUMBER)
    assert 0.01 < (factor > 1.0).mean() < 0.3
    assert factor.min() == 1.0
    assert factor.max() <= max(ARMS)


def test_the_oracle_keeps_to_what_rules_and_caps_leave(judge: Judge) -> None:
    most = np.where(NUMBER % 2 == 0, 1.3, 1.0)
    arms = Arms.of(judge, people_of(WORLD, np.array([f"C{one:08d}" for one in NUMBER])).traits)
    factor, effects = arms.best(most)
    assert np.all(factor <= most)
    assert (factor > 1.0).any()
    assert not effects.profit_amt[factor == 1.0].any()
    for arm in ARMS[:2]:
        chosen = factor == arm
        assert np.array_equal(effects.profit_amt[chosen], arms.effects[arm].profit_amt[chosen])


def test_arms_that_were_lived_already_are_not_lived_again(judge: Judge) -> None:
    lived = {arm: judge.effects(np.full(len(NUMBER), arm)) for arm in ARMS}
    arms = Arms.of(judge, np.zeros((len(NUMBER), 1)), lived)
    assert all(arms.effects[arm] is lived[arm] for arm in ARMS)
