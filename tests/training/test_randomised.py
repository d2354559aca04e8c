"""The randomised slice: it moves a slope as far as it knows better, and not at all where it has nothing to mend."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.banded import BandedSlope
from training.randomised import NOTHING, corrected, doubt_of, gap_of

SLOPE = BandedSlope(np.array([0.0, 1.0]), np.array([0.2, 0.4]), np.array([0.05, 0.1]))


def test_the_gap_is_what_the_slice_adds_to_the_slope():
    draw = np.random.default_rng(2)
    dose, is_random = draw.choice([0.0, 0.3, 0.7], 20_000), draw.random(20_000) < 0.5
    left = np.where(is_random, 0.5, 9.0) * dose + draw.normal(0, 0.3, 20_000)
    gap, error = gap_of(left, dose, np.full(20_000, 0.2), np.ones(20_000), is_random)
    assert gap == pytest.approx(0.3, abs=4 * error)
    assert 0 < error < 0.02


@pytest.mark.parametrize("is_random", [None, np.zeros(500, dtype=bool), np.arange(500) < 50])
def test_without_a_slice_nothing_is_said(is_random: np.ndarray | None):
    dose = np.linspace(0, 1, 500)
    assert gap_of(dose, dose, dose, np.ones(500), is_random) == NOTHING


def test_a_gap_within_its_error_raises_no_doubt_and_moves_nothing():
    assert doubt_of((0.1, 0.2)) == 0.0
    assert corrected(SLOPE, (0.1, 0.2), doubt_of((0.1, 0.2))) is SLOPE
    assert corrected(SLOPE, NOTHING, 0.3) is SLOPE


def test_a_clear_gap_is_closed_and_its_error_told():
    found = corrected(SLOPE, (0.3, 0.01), doubt_of((0.3, 0.01)))
    np.testing.assert_allclose(found.slopes, SLOPE.slopes + 0.3, atol=0.01)
    assert (found.errors < 0.02).all()


@given(gap=st.floats(-2, 2), error=st.floats(0.01, 5), doubt=st.floats(0, 4))
def test_a_corrected_slope_is_never_negative_and_lies_between_what_both_say(gap: float, error: float, doubt: float):
    found = corrected(SLOPE, (gap, error), doubt)
    assert (found.slopes >= 0).all()
    low, high = (np.maximum(edge, 0) for edge in (SLOPE.slopes + min(gap, 0), SLOPE.slopes + max(gap, 0)))
    assert ((found.slopes >= low - 1e-12) & (found.slopes <= high + 1e-12)).all()
    assert (found.errors <= np.sqrt(SLOPE.errors**2 + doubt) + 1e-12).all()
