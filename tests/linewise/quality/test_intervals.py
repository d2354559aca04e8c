import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.quality.intervals import corrected_resampled, jeffreys


def test_the_corrected_interval_is_wider_than_the_naive_one():
    # Worked by hand: mean 0.7, variance 0.02/3, (1/4 + 1/4) of it is 0.1/30; t(3) at 97.5% is 3.1824.
    measured = corrected_resampled([0.6, 0.7, 0.8, 0.7], 0.25)
    half = 3.182446 * np.sqrt(0.5 * 0.02 / 3)
    assert (measured.value, measured.low, measured.high) == pytest.approx((0.7, 0.7 - half, 0.7 + half), abs=1e-6)
    assert half > 3.182446 * np.sqrt(0.02 / 3 / 4)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=60))
def test_a_figure_lies_in_its_interval(values: list[float]):
    measured = corrected_resampled(values, 0.25)
    assert measured.low <= measured.value <= measured.high


def test_an_interval_ends_where_the_figure_must():
    assert corrected_resampled([0.9, 1.0, 0.95], 0.25, (0.0, 1.0)).high == 1.0
    assert corrected_resampled([0.9], 0.25, (0.0, 1.0)).low == 0.0


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2172), (10, 10, 0.7828, 1.0), (1, 10, 0.0110, 0.3813), (5, 10, 0.2235, 0.7765)],
)
def test_jeffreys_intervals_are_those_of_the_tables(hits: int, trials: int, low: float, high: float):
    measured = jeffreys(hits, trials)
    assert measured.value == hits / trials
    assert (measured.low, measured.high) == pytest.approx((low, high), abs=5e-4)
