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
