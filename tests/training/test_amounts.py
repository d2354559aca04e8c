"""An amount over the line: the trees find who has it, the slope what a raise adds, and neither falls with the limit."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.builders import an_amount_dataset, an_amount_spec
from training.amount_evaluation import cross_validate_amount
from training.amounts import FittedAmount, fit_amount, share_of
from training.dose import LARGEST_SHARE


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
    slope, error = fitted.slope(data)
    assert naive > 0.2
    assert abs(slope.mean() - 0.2) < max(3 * error.mean(), 0.05)


def test_a_raise_that_does_nothing_has_a_slope_within_its_error_of_zero():
    data = an_amount_dataset(3_000, slope=0.0)
    slope, error = fit_amount(an_amount_spec(), data, 5).slope(data)
    assert slope.mean() <= 3 * error.mean() + 0.02


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
    evaluation = cross_validate_amount(spec, data, 5)
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
    np.testing.assert_array_equal(one.effect.slope.slopes, other.effect.slope.slopes)
    assert cross_validate_amount(spec, data, 5) == cross_validate_amount(spec, data, 5)


def test_what_a_raise_takes_away_is_found_where_the_plain_difference_says_that_it_adds():
    # Whose purchases are declined is raised more often.
    data = an_amount_dataset(3_000, slope=-0.15)
    spec, raised = an_amount_spec(tree_count=60, falls=True), data.principal_amt > 0
    share = share_of(data, 1.0)
    assert share[raised].mean() > share[~raised].mean()
    fitted = fit_amount(spec, data, 5)
    slope, error = fitted.slope(data)
    assert abs(slope.mean() - 0.15) < max(3 * error.mean(), 0.05)
    more = replace(data, principal_amt=data.principal_amt + data.scale_amt)
    assert (fitted.share(more) <= fitted.share(data)).all()
    assert (fitted.share(more) >= 0).all()


def test_a_share_of_customers_is_no_share_of_the_line():
    data = replace(an_amount_dataset(600), amount_amt=np.tile([0.0, 1.0], 300), is_share=True)
    assert share_of(data, 1.0).tolist() == [0.0, 1.0] * 300
    assert share_of(data.rows(np.arange(2)), 1.0).tolist() == [0.0, 1.0]


def test_a_slope_of_whoever_has_more_is_steeper_where_it_is_in_truth():
    data = an_amount_dataset(6_000, slope=0.2)
    steeper = np.where(data.x[:, 1] > 0, 0.3, -0.1) * np.log1p(data.principal_amt / data.scale_amt)
    data = replace(data, amount_amt=np.maximum(data.amount_amt + steeper * data.scale_amt, 0.0))
    fitted = fit_amount(an_amount_spec(tree_count=60), data, 5)
    slope, _ = fitted.slope(data)
    assert fitted.effect.factor is not None
    assert slope[data.x[:, 1] > 0.5].mean() > slope[data.x[:, 1] < -0.5].mean() + 0.15


def test_the_slice_on_which_chance_decided_mends_a_slope_that_hidden_reasons_bent():
    # Whoever will owe more is raised, for a reason that no feature shows; a fifth is raised by chance.
    draw = np.random.default_rng(8)
    data = an_amount_dataset(12_000, slope=0.2)
    hidden, is_random = draw.normal(size=12_000), draw.random(12_000) < 0.2
    is_raised = np.where(is_random, draw.random(12_000) < 0.5, hidden > 0.3)
    ratio = np.where(is_raised, draw.choice([0.25, 0.5, 1.0], 12_000), 0.0)
    share = 0.5 + 0.2 * np.log1p(ratio) + 0.15 * hidden + draw.normal(0, 0.05, 12_000)
    data = replace(data, principal_amt=ratio * data.scale_amt, amount_amt=share.clip(0) * data.scale_amt)
    observed = fit_amount(an_amount_spec(), data, 5).slope(data)[0].mean()
    mended = fit_amount(an_amount_spec(), replace(data, is_randomised=is_random), 5).slope(data)[0].mean()
    assert observed > 0.35
    assert abs(mended - 0.2) < 0.07
