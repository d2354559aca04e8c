"""What a raise does to default: found where the bank's choice hides it, and mended where hidden reasons bend it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.builders import a_spec
from training.calibration import fit_calibration
from training.dataset import Dataset
from training.fitting import FittedModel, fit_model
from training.raised_default import bent_calibration, fit_raised_default
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


def too_much_at_the_top(row_count: int, rows_each: int = 1) -> tuple[Dataset, npt.NDArray[np.float64]]:
    """A rare default that grows with x0 and then no more, where a straight line goes on; and its true probability."""
    draw = np.random.default_rng(3)
    x0 = np.repeat(draw.normal(size=row_count // rows_each), rows_each)
    pd = 0.25 / (1 + np.exp(-(1.6 * x0 - 3.0)))
    y = (draw.random(row_count // rows_each) < pd[::rows_each]).astype(np.int64)
    groups = np.repeat(np.arange(row_count // rows_each), rows_each)
    data = replace(raises(row_count=row_count), y=np.repeat(y, rows_each), groups=groups, owed_amt=None)
    return replace(data, x=np.column_stack([x0, np.zeros(row_count), np.zeros(row_count)])), pd


def test_the_calibration_bends_where_a_straight_one_says_too_much_at_the_top():
    data, _ = too_much_at_the_top(30_000)
    raw, level = 1.6 * data.x[:, 0], float(np.log(data.y.mean() / (1 - data.y.mean())))
    found = bent_calibration(raw, data.y.astype(np.float64), np.zeros(30_000), level, data.groups)
    assert found.top_ratio < -0.2
    assert found.centre == level
    straight = fit_calibration(raw, data.y)
    top = raw > np.quantile(raw, 0.98)
    seen = data.y[top].mean()
    assert abs(found.probability(raw)[top].mean() / seen - 1) < abs(straight.probability(raw)[top].mean() / seen - 1)


def test_the_calibration_stays_straight_where_nothing_clearly_bends():
    data = raises(row_count=8_000)
    raw = data.x[:, 0]
    y = (np.random.default_rng(2).random(8_000) < 1 / (1 + np.exp(2.5 - raw))).astype(np.float64)
    found = bent_calibration(raw, y, np.zeros(8_000), -2.0, data.groups)
    assert (found.top_ratio, found.centre) == (0.0, 0.0)
    assert (found.intercept, found.slope) == pytest.approx((-2.5, 1.0), abs=0.12)


def test_rows_of_one_customer_bend_no_more_than_one_row_of_his():
    once, _ = too_much_at_the_top(2_000)
    often, _ = too_much_at_the_top(40_000, rows_each=20)
    for data in (once, often):
        raw = 1.6 * data.x[:, 0]
        found = bent_calibration(raw, data.y.astype(np.float64), np.zeros(len(raw)), -3.0, data.groups)
        assert found.top_ratio == 0.0


def test_a_bent_model_keeps_its_order_its_level_and_its_slopes():
    data, _ = too_much_at_the_top(4_000)
    model = fit_model(a_raise_spec(), data, 5)
    bent = replace(model, calibration=replace(model.calibration, top_ratio=-0.5, centre=-3.0))
    still = replace(data, principal_amt=np.zeros(4_000))
    order = np.argsort(model.probability(still), kind="stable")
    assert (np.diff(bent.probability(still)[order]) >= 0).all()
    moved = bent.at_level(0.3).probability(still)
    shift = np.log(moved / (1 - moved)) - np.log(bent.probability(still) / (1 - bent.probability(still)))
    np.testing.assert_allclose(shift, 0.3)
