import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from linewise.quality.calibration import cell_of, expected_bands
from linewise.quality.intervals import jeffreys
from training.report.calibrating import BAND_COUNT, calibration_of


def drawn(count: int, seed: int, off: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Labels by probabilities that are told `off` times as high as they are."""
    draw = np.random.default_rng(seed)
    p = draw.beta(1, 30, count)
    return (draw.random(count) < p).astype(np.int64), np.minimum(p * off, 1.0)


def test_rows_of_different_customers_have_the_plain_jeffreys_interval():
    y = np.repeat([1, 0], [7, 93])
    cell = cell_of("overall", "all", y, np.full(100, 0.05), np.arange(100))
    plain = jeffreys(7, 100)
    assert (cell.observed.low, cell.observed.high) == pytest.approx((plain.low, plain.high))
    assert cell.effective_count == pytest.approx(100)
    assert cell.jeffreys_p == pytest.approx(beta.cdf(0.05, 7.5, 93.5))
    assert cell.observed_to_expected.value == pytest.approx(1.4)


def test_rows_of_one_customer_that_tell_the_same_are_worth_one():
    y = np.repeat([1, 0, 0, 0], 25)
    cell = cell_of("overall", "all", y, np.full(100, 0.25), np.arange(100) // 25)
    assert cell.effective_count == pytest.approx(4)
    assert cell.observed.low < 0.1
    assert cell.observed.high > 0.6


@pytest.mark.parametrize(("off", "side"), [(0.6, "low"), (1.6, "high")])
def test_the_jeffreys_test_finds_a_level_that_is_off(off: float, side: str):
    y, p = drawn(20_000, 1, off)
    cell = cell_of("overall", "all", y, p, np.arange(len(y)))
    assert cell.jeffreys_p < 0.001 if side == "low" else cell.jeffreys_p > 0.999


def test_a_right_level_is_refused_as_rarely_as_the_test_says():
    inside = 0
    for seed in range(200):
        y, p = drawn(3_000, seed)
        inside += 0.025 < cell_of("overall", "all", y, p, np.arange(len(y))).jeffreys_p < 0.975
    assert 180 <= inside <= 200


def test_the_interval_of_a_cell_without_any_label_begins_at_nothing():
    cell = cell_of("band", "low", np.zeros(50, np.int64), np.full(50, 0.01), np.arange(50))
    assert (cell.observed.value, cell.observed.low) == (0.0, 0.0)
    assert cell.observed.high > 0


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(20, 300))
def test_bands_rise_and_expect_equally_many(seed: int, count: int):
    p = np.random.default_rng(seed).beta(2, 20, count)
    bands = expected_bands(p, BAND_COUNT)
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(bands[order]) >= 0)
    sums = np.bincount(bands, p, minlength=BAND_COUNT)
    assert np.abs(sums - p.sum() / BAND_COUNT).max() <= p.max() + 1e-9


def test_right_probabilities_have_slope_one_and_hardly_any_error():
    y, p = drawn(40_000, 2)
    found = calibration_of(y, p, np.arange(len(y)), {}, 0)
    assert found.slope == pytest.approx(1, abs=0.08)
    assert found.intercept == pytest.approx(0, abs=0.08)
    assert found.ece.value < 0.006
    assert [cell.by for cell in found.cells] == ["overall"] + ["band"] * BAND_COUNT


def test_cells_of_further_kinds_cover_the_rows_that_belong_to_them():
    y, p = drawn(1_000, 3)
    place = np.arange(1_000) % 3 - 1
    found = calibration_of(y, p, np.arange(1_000), {"action": (("raised", "kept", "nobody"), place)}, 0)
    assert [(cell.cell, cell.row_count) for cell in found.of("action")] == [("raised", 333), ("kept", 333)]
