"""Slopes by bands: never negative, wider where fewer tell of them, and drawn together where they are noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.banded import BandedSlope, drawn_together, fit_slope, hats, knots_of, left_over


@pytest.mark.parametrize("slope", [-0.5, 0.0, 0.3])
def test_a_slope_is_never_negative_even_where_raises_seem_to_lower_the_amount(slope: float):
    draw = np.random.default_rng(3)
    base, dose, groups = draw.uniform(0, 1, 600), draw.normal(size=600), np.arange(600)
    found = fit_slope(base, slope * dose + draw.normal(0, 0.1, 600), dose, groups, 1)
    assert (found.slopes >= 0).all()
    assert (found.errors > 0).all()
    assert found.slopes == pytest.approx(np.full(len(found.slopes), max(slope, 0.0)), abs=0.05)


def test_fewer_customers_leave_a_larger_error():
    draw = np.random.default_rng(4)
    base, dose = draw.uniform(0, 1, 2_000), draw.normal(size=2_000)
    left = 0.2 * dose + draw.normal(0, 0.5, 2_000)
    many = fit_slope(base, left, dose, np.arange(2_000), 1)
    few = fit_slope(base[:200], left[:200], dose[:200], np.arange(200), 1)
    assert (few.errors > many.errors).all()


@given(share=st.floats(0, 3), slopes=st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_between_its_knots_a_slope_lies_between_theirs(share: float, slopes: list[float]):
    banded = BandedSlope(np.array([0.1, 0.5, 1.5]), np.array(slopes), np.array(slopes) / 2)
    slope, error = banded.of(np.array([share]))
    assert min(slopes) <= slope[0] <= max(slopes)
    assert error[0] >= 0


def test_the_weights_of_the_knots_sum_to_one_for_every_row():
    index = np.linspace(-2, 2, 50)
    np.testing.assert_allclose(hats(index, np.array([-1.0, 0.0, 1.5])).sum(axis=1), 1.0)


def test_slopes_that_differ_by_noise_alone_become_the_slope_of_all():
    knots, error = np.array([0.0, 1.0, 2.0]), np.full(3, 0.5)
    alike = drawn_together(knots, np.array([0.1, 0.3, 0.2]), error, 0.2, 0.05)
    np.testing.assert_allclose(alike.slopes, 0.2)
    np.testing.assert_allclose(alike.errors, 0.05)
    apart = drawn_together(knots, np.array([0.1, 3.0, 6.0]), error, 0.2, 0.05)
    assert apart.slopes[2] > 5.0


def test_a_dose_that_explains_more_leaves_less():
    draw = np.random.default_rng(6)
    index, dose = draw.uniform(0, 1, 2_000), draw.normal(size=2_000)
    outcome, knots = 0.5 * dose + draw.normal(0, 0.1, 2_000), np.array([0.2, 0.8])
    assert left_over(index, knots, outcome, dose) == pytest.approx(0.01, rel=0.15)
    assert left_over(index, knots, outcome, draw.normal(size=2_000)) > 0.2


@pytest.mark.parametrize(
    ("other", "knot_count"),
    [(lambda index: 2 * index + 1, 5), (np.zeros_like, 1), (lambda index: np.maximum(index, 0.5), 4)],
    ids=["stretched", "nothing told apart", "the lower half alike"],
)
def test_slopes_are_carried_to_another_index_of_the_same_rows_rank_for_rank(other, knot_count: int):
    index = np.linspace(0, 1, 1_001)
    held = BandedSlope(knots_of(index), np.arange(5.0), np.full(5, 0.1))
    carried = held.carried(index, other(index))
    assert len(carried.knots) == len(carried.slopes) == len(carried.errors) == knot_count
    assert (carried.slopes[-1], carried.errors[-1]) == pytest.approx((4.0 if knot_count > 1 else 2.0, 0.1))
    assert (np.diff(carried.slopes) > 0).all()
