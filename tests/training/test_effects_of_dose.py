"""For whom an effect is steep, and how it bends: simple where nothing more is known, and richer where it is."""

import numpy as np
import pytest

from training.dose import BENDS, bent
from training.effects_of_dose import Residuals, chosen_bend, fit_effect

ROWS = 8_000


def a_draw() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.mark.parametrize("bend", BENDS)
def test_the_bend_of_a_clear_effect_is_found(bend: float):
    draw = a_draw()
    ratio = draw.choice([0.0, 0.1, 0.25, 0.5, 1.0], ROWS)
    left = 0.5 * bent(ratio, bend)
    expected_dose = np.full(ROWS, np.log1p(ratio).mean())
    found = chosen_bend(
        ratio, expected_dose, draw.uniform(0.2, 1, ROWS), left - left.mean() + draw.normal(0, 0.02, ROWS)
    )
    assert found == bend


def test_an_effect_that_noise_hides_bends_as_the_plain_logarithm():
    draw = a_draw()
    ratio = draw.choice([0.0, 0.1, 0.25, 0.5, 1.0], ROWS)
    found = chosen_bend(ratio, np.full(ROWS, 0.2), draw.uniform(0.2, 1, ROWS), draw.normal(0, 0.3, ROWS))
    assert found == 1.0


def test_rows_that_scatter_widely_count_for_less():
    draw = a_draw()
    expected = draw.uniform(0.1, 2.0, ROWS)
    left, dose = expected * draw.normal(size=ROWS), draw.normal(size=ROWS)
    even = Residuals.even(expected, left, dose)
    np.testing.assert_allclose(even.outcome_left * even.scatter, left)
    np.testing.assert_allclose(even.dose_left * even.scatter, dose)
    low, high = expected < 0.5, expected > 1.5
    assert even.outcome_left[low].std() == pytest.approx(even.outcome_left[high].std(), rel=0.15)


def test_an_outcome_that_nobody_has_counts_within_bounds():
    even = Residuals.even(np.zeros(100), np.zeros(100), np.ones(100))
    assert np.isfinite(even.dose_left).all()


@pytest.mark.parametrize("is_steeper", [True, False])
def test_a_factor_is_learnt_where_it_is_there_and_left_out_where_it_is_not(is_steeper: bool):
    draw = a_draw()
    x = draw.normal(size=(ROWS, 4))
    x[::7, 2] = np.nan
    dose, expected = draw.normal(0, 0.3, ROWS), draw.uniform(0.2, 1.0, ROWS)
    effect = 0.4 * (1.0 + 0.6 * np.clip(x[:, 0], -1.5, 1.5) * is_steeper)
    left = Residuals.even(expected, effect * dose + draw.normal(0, 0.15, ROWS), dose)
    found = fit_effect(x, left, np.arange(ROWS) % 3, np.arange(ROWS), 1)
    assert (found.factor is not None) == is_steeper
    slope, error = found.slope.of(found.index(expected, x))
    assert (slope >= 0).all()
    assert (error > 0).all()
    assert slope.mean() == pytest.approx(0.4, abs=0.04)
    if is_steeper:
        assert np.corrcoef(slope, effect)[0, 1] > 0.9
