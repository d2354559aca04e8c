import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.calibration import STEEPEST, Calibration, fit_calibration


def drawn(intercept: float, slope: float, dose_slope: float, row_count: int = 40_000):
    draw = np.random.default_rng(1)
    raw, dose = draw.normal(size=row_count), draw.exponential(size=row_count)
    probability = Calibration(intercept, slope, dose_slope).probability(raw, dose)
    return raw, dose, (draw.random(row_count) < probability).astype(np.int64)


def test_the_numbers_that_made_the_labels_are_found_again():
    raw, dose, y = drawn(-2.0, 1.5, 0.7)
    found = fit_calibration(raw, y, dose)
    assert (found.intercept, found.slope, found.dose_slope) == pytest.approx((-2.0, 1.5, 0.7), abs=0.06)


def test_more_money_never_lowers_the_probability_even_where_the_data_say_so():
    raw, dose, y = drawn(-1.0, 1.0, -0.7)
    found = fit_calibration(raw, y, dose)
    assert found.dose_slope == 0.0


def test_the_error_of_the_dose_slope_holds_the_true_one_and_shrinks_with_the_rows():
    found_of = []
    for row_count in (40_000, 2_000):
        raw, dose, y = drawn(-2.0, 1.5, 0.7, row_count)
        found_of.append(fit_calibration(raw, y, dose))
    many, few = found_of
    for found in found_of:
        assert abs(found.dose_slope - 0.7) < 3 * found.dose_slope_error
    assert many.dose_slope_error < few.dose_slope_error / 3


def test_rows_of_one_customer_count_as_less_than_rows_of_many():
    raw, dose, y = drawn(-2.0, 1.5, 0.7, 4_000)
    repeated = [np.repeat(values, 4) for values in (raw, dose, y)]
    alone = fit_calibration(raw, y, dose)
    together = fit_calibration(repeated[0], repeated[2], repeated[1], np.repeat(np.arange(4_000), 4))
    apart = fit_calibration(repeated[0], repeated[2], repeated[1])
    assert together.dose_slope_error == pytest.approx(alone.dose_slope_error, rel=0.05)
    assert apart.dose_slope_error < 0.6 * alone.dose_slope_error


def test_where_nothing_was_raised_the_error_says_that_nothing_is_known():
    raw, dose, y = drawn(-2.0, 1.0, 0.0, 2_000)
    found = fit_calibration(raw, y, np.zeros_like(dose))
    assert (found.dose_slope, found.dose_slope_error) == (0.0, STEEPEST)


def test_a_score_that_ranks_backwards_gets_no_weight():
    raw, _, y = drawn(-1.0, 1.0, 0.0)
    found = fit_calibration(-raw, y)
    assert found.slope == 0.0
    assert found.probability(raw).mean() == pytest.approx(y.mean(), abs=1e-4)


def test_perfectly_parted_rows_stop_at_a_bound_and_do_not_run_away():
    raw = np.linspace(-1, 1, 20)
    found = fit_calibration(raw, (raw > 0).astype(np.int64))
    assert 0 < found.slope <= STEEPEST


@settings(max_examples=40, deadline=None)
@given(
    dose_slope=st.floats(0, STEEPEST),
    doses=st.lists(st.floats(0, 20), min_size=2, max_size=20),
    raw=st.floats(-20, 20),
)
def test_a_higher_amount_never_lowers_the_probability(dose_slope: float, doses: list[float], raw: float):
    ordered = np.sort(doses)
    probability = Calibration(-2.0, 1.0, dose_slope).probability(np.full(len(doses), raw), ordered)
    assert (np.diff(probability) >= 0).all()
    assert ((probability >= 0) & (probability <= 1)).all()


def test_a_calibration_bends_at_the_top_by_the_two_slopes_of_beta_calibration():
    bent, raw = Calibration(-0.2, 1.1, top_ratio=-0.6, centre=-3.0), np.linspace(-4, 4, 9)
    p = 1 / (1 + np.exp(-(raw - 3.0)))
    expected = -0.2 + 1.1 * np.log(p) - 1.1 * 0.4 * np.log(1 - p)
    np.testing.assert_allclose(bent.margin(raw), expected)
    np.testing.assert_allclose(bent.probability(raw), 1 / (1 + np.exp(-expected)))
    np.testing.assert_allclose(Calibration(-0.2, 1.1).margin(raw), -0.2 + 1.1 * raw)


@given(
    raw=st.lists(st.floats(-30, 30), min_size=2, max_size=20),
    slope=st.floats(0, STEEPEST),
    top_ratio=st.floats(-1, 20),
    centre=st.floats(-10, 10),
)
def test_a_higher_raw_margin_never_lowers_the_calibrated_one(raw, slope: float, top_ratio: float, centre: float):
    margin = Calibration(-2.0, slope, top_ratio=top_ratio, centre=centre).margin(np.sort(raw))
    assert (np.diff(margin) >= -1e-9).all()
