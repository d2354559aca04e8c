"""What other terms do to who agreed on a plan in hardship; how much they do is for the soak."""

import numpy as np
import pytest

from benchmarks.judging.hardship import AgreedWorld, agreement_effects
from linewise.simulation.world import World


def test_an_agreed_world_differs_in_its_agreements_alone() -> None:
    world = World(month_count=6)
    other = AgreedWorld(**world.model_dump(), term_months=48, fee_ratio=0.001)
    assert np.all(other.equations["plan_terms"][0, 1] == 48)
    assert other.equations["plan_fee_ratios"][0, 1] == 0.001
    assert np.array_equal(other.equations["plan_terms"][0, 0], world.equations["plan_terms"][0, 0])
    for name in world.equations.dtype.names:
        if name not in {"plan_terms", "plan_fee_ratios"}:
            assert np.array_equal(other.equations[name], world.equations[name])


def test_all_terms_are_judged_on_the_same_customers_and_a_cheaper_plan_is_paid_with_less() -> None:
    effects = agreement_effects(seed=1, customer_count=4_000)
    assert len({one.customers for one in effects}) == 1
    assert effects[0].customers > 10
    assert effects[0].change_ratio == 0.0
    whole, _, half, free = (one.paid_amt for one in effects)
    assert whole > half > free


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mere_stretch_does_not_help_and_a_lower_rate_does(seed: int) -> None:
    _, stretched, half, free = agreement_effects(seed, customer_count=100_000)
    assert stretched.change_ratio > 0
    assert half.change_ratio < 0
    assert free.change_ratio < 0
