"""How small a lift a campaign can show is known before it goes out."""

import numpy as np
import pytest

from linewise.quality.lift import lift_of
from linewise.quality.power import detectable_effect


def test_the_effect_of_known_sizes_is_that_of_the_tables():
    # 3,841 an arm are needed for 10% against 12% at 5% and 80% (Fleiss, without the correction for continuity).
    assert detectable_effect(0.10, 3_841, 3_841) == pytest.approx(0.02, abs=2e-5)


def test_a_lift_of_that_size_is_seen_in_four_of_five_campaigns():
    effect = detectable_effect(0.02, 18_000, 2_000)
    assert effect is not None
    draw = np.random.default_rng(5)
    treated, control = draw.binomial(18_000, 0.02 + effect, 1_500), draw.binomial(2_000, 0.02, 1_500)
    seen = [lift_of(int(a), 18_000, int(b), 2_000).p < 0.05 for a, b in zip(treated, control, strict=True)]
    assert np.mean(seen) == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize(("rate", "treated", "control"), [(0.1, 0, 10), (0.1, 10, 0), (0.5, 2, 2), (1.0, 10, 10)])
def test_arms_that_can_show_nothing_say_so(rate: float, treated: int, control: int):
    assert detectable_effect(rate, treated, control) is None


def test_a_larger_control_shows_a_smaller_lift():
    found = [detectable_effect(0.03, 100_000 - control, control) or 1.0 for control in (500, 2_000, 10_000, 50_000)]
    assert found == sorted(found, reverse=True)
