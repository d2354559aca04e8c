"""An amount over the line: the trees find who has it, the slope what a raise adds, and neither falls with the limit."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.builders import an_amount_dataset, an_amount_spec
from training.amount_evaluation import cross_validate_amount
from training.amounts import LARGEST_SHARE, BandedSlope, FittedAmount, fit_amount, fit_slope, share_of


@cache
def a_fitted() -> FittedAmount:
    return fit_amount(an_amount_spec(), an_amount_dataset(), 5)


def test_the_slope_of_a_confounded_raise_is_found_where_the_plain_difference_is_wrong():
    # Who has much is raised more often: raised less not raised would count what they have anyway.
    data = an_amount_dataset(3_000, slope=0.2)
    raised = data.principal_amt > 0
    share = share_of(data, 1.0)
    naive = share[raised].mean() - share[~raised].mean()
    fitted = fit_amount(an_amount_spec(tree_count=60), data, 5)
    middle = float(fitted.slope.of(np.array([0.5]))[0][0])
    error = float(fitted.slope.of(np.array([0.5]))[1][0])
    assert naive > 0.2
    assert abs(middle - 0.2) < max(3 * error, 0.05)


def test_a_raise_that_does_nothing_has_a_slope_within_its_error_of_zero():
    fitted = fit_amount(an_amount_spec(), an_amount_dataset(3_000, slope=0.0), 5)
    assert (fitted.slope.slopes <= 3 * fitted.slope.errors + 0.02).all()


@pytest.mark.parametrize("slope", [-0.5, 0.0, 0.3])
def test_a_slope_is_never_negative_even_where_raises_seem_to_lower_the_amount(slope: float):
    draw = np.random.default_rng(3)
    base, dose, groups = draw.uniform(0, 1, 600), draw.normal(size=600), np.arange(600)
    found = fit_slope(base, slope * dose + draw.normal(0, 0.1, 600), dose, groups, 1)
    assert (found.slopes >= 0).all()
    assert (found.errors > 0).all()
    assert found.slopes == pytest.approx(np.full(3, max(slope, 0.0)), abs=0.05)


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


@given(line_amt=st.integers(100_000, 10_000_000), raises=st.lists(st.integers(0, 10**8), min_size=3, max_size=8))
def test_a_larger_raise_never_lowers_the_amount_that_is_foretold(line_amt: int, raises: list[int]):
    fitted, row = a_fitted(), an_amount_dataset(3).rows(np.zeros(len(raises), dtype=np.int64))
    line = np.full(len(raises), float(line_amt))
    share = fitted.share(replace(row, principal_amt=np.sort(np.array(raises, dtype=np.float64)), scale_amt=line))
    assert (np.diff(share) >= 0).all()
    assert (share[-1] > share[0]) == (max(raises) > min(raises))


def test_a_share_is_capped_and_a_tiny_line_counts_as_the_least_scale():
    data = an_amount_dataset(10)
    data = replace(data, amount_amt=np.full(10, 1e9), scale_amt=np.full(10, 10.0))
    assert (share_of(data, 1e6) == LARGEST_SHARE).all()
    assert share_of(replace(data, amount_amt=np.full(10, 5e5)), 1e6)[0] == 0.5


def test_the_figures_stand_beside_a_ridge_regression_on_the_same_folds():
    spec, data = an_amount_spec(), an_amount_dataset(900)
    evaluation = cross_validate_amount(spec, data, 5).evaluation
    assert (evaluation.row_count, evaluation.customer_count) == (900, 300)
    assert evaluation.raised_count == int((data.principal_amt > 0).sum())
    assert evaluation.r2.model.low <= evaluation.r2.model.value <= 1.0
    assert evaluation.r2.difference.value == pytest.approx(evaluation.r2.model.value - evaluation.r2.linear.value)
    assert len(evaluation.fold_r2) == spec.fold_count * spec.repeat_count
    assert [band.row_count for band in evaluation.bands] == [180] * 5
    assert [band.expected_ratio for band in evaluation.bands] == sorted(
        band.expected_ratio for band in evaluation.bands
    )


def test_the_same_seed_gives_the_same_model_and_the_same_figures():
    spec, data = an_amount_spec(), an_amount_dataset(600)
    one, other = fit_amount(spec, data, 5), fit_amount(spec, data, 5)
    assert one.booster.model_to_string() == other.booster.model_to_string()
    np.testing.assert_array_equal(one.slope.slopes, other.slope.slopes)
    assert cross_validate_amount(spec, data, 5).evaluation == cross_validate_amount(spec, data, 5).evaluation
