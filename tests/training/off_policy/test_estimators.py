"""What another policy would have earned, held against worlds in which it is known."""

import numpy as np
import pytest

from linewise.core.errors import DataCheckFailed
from tests.training.off_policy.worlds import a_small_world
from training.off_policy import METHODS, Clusters, Logged, value_of_policy


@pytest.mark.parametrize("method", METHODS)
def test_every_estimator_finds_the_value_of_another_policy(method):
    found = []
    for seed in range(20):
        world = a_small_world(seed)
        found.append(value_of_policy(world.logged, world.policy, world.expected, method=method).value)
    assert np.mean(found) == pytest.approx(world.true_value, rel=0.03)


@pytest.mark.parametrize("method", ["ips", "snips", "dr", "switch_dr"])
def test_its_interval_holds_the_truth_about_as_often_as_it_says(method):
    held = 0
    for seed in range(100):
        world = a_small_world(seed, row_count=2_000)
        found = value_of_policy(world.logged, world.policy, world.expected, method=method)
        held += found.low <= world.true_value <= found.high
    assert 88 <= held <= 100


def test_dr_mends_a_model_that_is_wrong_and_the_model_alone_does_not():
    world = a_small_world(1, row_count=40_000, model_error=0.5)
    mended = value_of_policy(world.logged, world.policy, world.expected, method="dr")
    alone = value_of_policy(world.logged, world.policy, world.expected, method="dm")
    assert mended.low <= world.true_value <= mended.high
    assert alone.low > world.true_value


def test_where_the_model_alone_is_trusted_its_error_counts_into_the_interval():
    world = a_small_world(1, row_count=40_000, floor=0.01, model_error=0.5)
    found = value_of_policy(world.logged, world.policy, world.expected, method="switch_dr", switch_at=5.0)
    assert found.low <= world.true_value <= found.high
    plain = value_of_policy(world.logged, world.policy, world.expected, method="dr")
    assert found.standard_error > plain.standard_error


def test_what_was_done_is_worth_what_was_earned():
    world = a_small_world(3)
    as_logged = np.zeros_like(world.policy)
    as_logged[np.arange(len(as_logged)), world.logged.action] = world.logged.propensity
    found = value_of_policy(world.logged, as_logged, method="ips")
    assert found.value == pytest.approx(world.logged.reward.mean())


def test_a_policy_gains_nothing_over_itself():
    world = a_small_world(4)
    found = value_of_policy(world.logged, world.policy, world.expected, against=world.policy)
    assert found.value == 0.0


def test_snips_moves_with_the_rewards_and_ips_does_not():
    world = a_small_world(5)
    one = world.logged
    higher = Logged(one.action, one.propensity, one.reward + 10.0, one.clusters)
    gap = (
        value_of_policy(higher, world.policy, method="snips").value
        - value_of_policy(one, world.policy, method="snips").value
    )
    assert gap == pytest.approx(10.0)


def test_models_are_asked_for_where_an_estimator_needs_one():
    world = a_small_world(6)
    with pytest.raises(ValueError, match="dr needs what a model expects"):
        value_of_policy(world.logged, world.policy, method="dr")


@pytest.mark.parametrize("wrong", [0.0, -0.1, 1.5, np.nan])
def test_a_decision_without_its_probability_is_refused(wrong):
    with pytest.raises(DataCheckFailed, match="a probability that is none"):
        Logged(np.zeros(2, dtype=np.int64), np.array([0.5, wrong]), np.zeros(2), Clusters((), 2))
