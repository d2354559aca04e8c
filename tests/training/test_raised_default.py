"""What a raise does to default: found where the bank's choice hides it, and mended where hidden reasons bend it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.builders import a_spec
from training.dataset import Dataset
from training.fitting import FittedModel, fit_model
from training.raised_default import fit_raised_default
from training.specs import DoseSpec, ModelSpec

ROWS = 20_000


def a_raise_spec() -> ModelSpec:
    return a_spec("card_default", purpose="risk", dose=DoseSpec(scale_feature="line", anchor="line"), tree_count=40)


def raises(
    dose_slope: float = 0.8, hidden: float = 0.0, random_share: float = 0.0, seed: int = 0, row_count: int = ROWS
) -> Dataset:
    """Log-odds -2.5 + x0 + hidden trait + slope · log1p(raise / line); the bank raises who looks, or is, safe."""
    draw = np.random.default_rng(seed)
    x, trait = draw.normal(size=(row_count, 3)), draw.normal(size=row_count)
    line = draw.lognormal(14, 0.5, row_count)
    is_randomised = draw.random(row_count) < random_share
    by_bank = draw.random(row_count) < 1 / (1 + np.exp(0.5 + 1.5 * x[:, 0] + 2 * hidden * trait))
    ratio = np.where(
        np.where(is_randomised, draw.random(row_count) < 0.8, by_bank), draw.choice([0.25, 0.5, 1.0], row_count), 0.0
    )
    dose = np.log1p(ratio)
    odds = -2.5 + x[:, 0] + hidden * trait + dose_slope * dose
    numbers = np.arange(row_count)
    share = np.maximum(0.4 + 0.1 * x[:, 0] + 0.1 * hidden * trait + 0.2 * dose + draw.normal(0, 0.1, row_count), 0)
    return Dataset(
        name="card_default",
        feature_names=("x0", "x1", "x2"),
        offer_attributes=(),
        x=x,
        y=(draw.random(row_count) < 1 / (1 + np.exp(-odds))).astype(np.int64),
        groups=numbers,
        cases=numbers,
        principal_amt=ratio * line,
        scale_amt=line,
        owed_amt=share * line,
        is_randomised=is_randomised,
    )


@pytest.fixture(scope="module")
def fitted() -> FittedModel:
    return fit_model(a_raise_spec(), raises(), 5)


def test_the_slope_is_found_though_the_bank_raised_the_safe(fitted: FittedModel):
    data = raises()
    raised = data.principal_amt > 0
    assert data.y[raised].mean() < data.y[~raised].mean()
    assert fitted.slope is not None
    middle = len(fitted.slope.slopes) // 2
    assert abs(fitted.slope.slopes[middle] - 0.8) < max(3 * fitted.slope.errors[middle], 0.1)


def test_a_raise_that_does_nothing_has_a_slope_within_its_error_of_zero():
    slope = fit_raised_default(a_raise_spec(), raises(dose_slope=0.0), 5).slope
    assert (slope.slopes >= 0).all()
    assert (slope.slopes <= 3 * slope.errors).all()


def test_fewer_rows_leave_a_larger_error(fitted: FittedModel):
    few = fit_raised_default(a_raise_spec(), raises(row_count=2_000), 5).slope
    assert fitted.slope is not None
    assert few.errors.mean() > 2 * fitted.slope.errors.mean()


def test_where_nobody_was_raised_nothing_is_known():
    data = raises()
    slope = fit_raised_default(a_raise_spec(), replace(data, principal_amt=np.zeros(ROWS)), 5).slope
    np.testing.assert_array_equal(slope.errors, np.full(len(slope.errors), 10.0))


def test_probabilities_are_those_that_are_seen_with_and_without_a_raise(fitted: FittedModel):
    fresh = raises(seed=1)
    expected = fitted.probability(fresh)
    for rows in (fresh.principal_amt > 0, fresh.principal_amt == 0):
        assert expected[rows].mean() == pytest.approx(fresh.y[rows].mean(), rel=0.12)


def test_hidden_reasons_that_the_debt_betrays_are_mended_by_the_slice():
    data = raises(dose_slope=0.8, hidden=1.5, random_share=0.2)
    middle = 2
    mended = fit_raised_default(a_raise_spec(), data, 5).slope
    bent_down = fit_raised_default(a_raise_spec(), replace(data, is_randomised=None), 5).slope
    assert bent_down.slopes[middle] < 0.3
    assert abs(mended.slopes[middle] - 0.8) < abs(bent_down.slopes[middle] - 0.8) - 0.2


def test_without_hidden_reasons_the_slice_brings_no_noise():
    data = raises(random_share=0.2)
    with_slice = fit_raised_default(a_raise_spec(), data, 5).slope
    without = fit_raised_default(a_raise_spec(), replace(data, is_randomised=None), 5).slope
    np.testing.assert_array_equal(with_slice.slopes, without.slopes)


@given(score_moves=st.floats(-2, 2), ratios=st.lists(st.floats(0, 3), min_size=3, max_size=6))
def test_a_larger_raise_never_lowers_the_probability(fitted: FittedModel, score_moves: float, ratios: list[float]):
    count = len(ratios)
    row = raises(row_count=10).rows(np.zeros(count, dtype=np.int64))
    line = np.full(count, 1e6)
    x = np.full((count, 3), score_moves)
    probability = fitted.probability(replace(row, x=x, principal_amt=np.sort(np.array(ratios)) * line, scale_amt=line))
    assert (np.diff(probability) >= 0).all()


def test_the_same_seed_gives_the_same_slopes():
    data = raises(row_count=3_000)
    one, other = (fit_raised_default(a_raise_spec(), data, 5) for _ in range(2))
    np.testing.assert_array_equal(one.slope.slopes, other.slope.slopes)
    assert one.booster.model_to_string() == other.booster.model_to_string()
