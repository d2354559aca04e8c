"""What the log cannot tell of is said."""

import numpy as np

from tests.training.off_policy.worlds import a_small_world
from training.off_policy import support_of, value_of_policy


def test_a_policy_that_the_log_carries_is_warned_of_nothing():
    world = a_small_world(0)
    support = value_of_policy(world.logged, world.policy, world.expected).support
    assert support.warnings == ()
    assert support.missing_ratio == 0.0
    assert 0.9 < support.mean_weight < 1.1


def test_an_action_that_was_never_taken_is_named():
    action = np.zeros(1_000, dtype=np.int64)
    policy = np.tile([0.5, 0.5], (1_000, 1))
    support = support_of(policy, action, policy[:, 0], 100.0)
    assert support.missing_ratio == 0.5
    assert [one for one in support.warnings if "says nothing of them" in one]
    assert [one for one in support.warnings if "average 0.500" in one]


def test_weights_that_are_worth_few_rows_are_told():
    weight = np.zeros(5_000)
    weight[:100] = 50.0
    support = support_of(np.ones((5_000, 1)), np.zeros(5_000, dtype=np.int64), weight, 20.0)
    assert support.effective_count == 100.0
    assert support.clipped_ratio == 0.02
    assert [one for one in support.warnings if "worth 100 rows" in one]
