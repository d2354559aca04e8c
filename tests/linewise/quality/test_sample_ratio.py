"""Arms that are not as large as they were drawn to be are found out."""

import numpy as np
import pytest

from linewise.core.errors import UsageError
from linewise.quality.sample_ratio import MISMATCH_P, sample_ratio


def test_the_statistic_is_that_of_a_textbook():
    # 821,588 and 815,482 of a test that was drawn evenly: p below one in a million (Fabijan and others, 2019).
    found = sample_ratio(821_588, 815_482, 0.5)
    assert found.chi_square == pytest.approx(6_106**2 / 1_637_070)
    assert found.p < 2e-6
    assert found.is_mismatched


@pytest.mark.parametrize(("control", "is_mismatched"), [(1_000, False), (1_090, False), (1_100, True), (890, True)])
def test_a_control_of_a_tenth_may_stray_by_chance_and_no_further(control: int, is_mismatched: bool):
    assert sample_ratio(10_000 - control, control, 0.1).is_mismatched is is_mismatched


def test_who_draws_as_planned_is_hardly_ever_warned():
    drawn = np.random.default_rng(1).binomial(20_000, 0.1, 4_000)
    share = np.mean([sample_ratio(20_000 - int(one), int(one), 0.1).is_mismatched for one in drawn])
    assert share <= 3 * MISMATCH_P


@pytest.mark.parametrize("ratio", [0.0, 1.0, -0.1])
def test_without_a_share_that_was_drawn_there_is_nothing_to_hold_against(ratio: float):
    with pytest.raises(UsageError, match="held against"):
        sample_ratio(10, 10, ratio)
