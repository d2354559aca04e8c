from dataclasses import replace

import numpy as np
import pytest

from tests.training.builders import a_dataset, a_spec, an_offer_dataset
from training.fitting import fit_model


def test_the_same_rows_and_seed_give_the_same_model_byte_for_byte():
    one, other = (fit_model(a_spec(), a_dataset(), 5) for _ in range(2))
    assert one.booster.model_to_string() == other.booster.model_to_string()
    assert one.calibration == other.calibration


def test_the_amount_never_enters_the_trees():
    fitted = fit_model(a_spec(), a_dataset(), 5)
    assert fitted.booster.feature_name() == ["x0", "x1", "x2"]


def test_the_slope_on_the_amount_is_found_and_raises_the_probability():
    data = a_dataset(4_000, dose_slope=1.5)
    fitted = fit_model(a_spec(), data, 5)
    assert fitted.calibration.dose_slope == pytest.approx(1.5, abs=0.4)
    assert data.principal_amt is not None
    dearer = replace(data, principal_amt=2 * data.principal_amt)
    assert (fitted.probability(dearer) > fitted.probability(data)).all()


def test_probabilities_are_right_on_average_where_they_were_not_fitted():
    data, unseen = a_dataset(3_000, seed=1), a_dataset(3_000, seed=2)
    assert fit_model(a_spec(), data, 5).probability(unseen).mean() == pytest.approx(unseen.y.mean(), abs=0.02)


@pytest.mark.parametrize(("rising", "falling", "sign"), [(("x0",), (), 1), ((), ("x0",), -1)])
def test_a_constrained_feature_moves_the_score_one_way_only(
    rising: tuple[str, ...], falling: tuple[str, ...], sign: int
):
    fitted = fit_model(a_spec(rising=rising, falling=falling), a_dataset(2_000), 5)
    others = np.random.default_rng(3).normal(size=(50, 3))
    for value in others:
        swept = np.tile(value, (60, 1))
        swept[:, 0] = np.linspace(-4, 4, 60)
        assert (sign * np.diff(fitted.booster.predict(swept, raw_score=True)) >= 0).all()


def test_offers_of_one_customer_get_their_own_probabilities():
    data = an_offer_dataset(600)
    fitted = fit_model(a_spec("card_take_up"), data, 5)
    mean = [fitted.probability(data)[data.x[:, 1] == tier].mean() for tier in (1, 2, 3)]
    assert mean[1] > 3 * max(mean[0], mean[2])
    assert fitted.minimum_scale_amt is None


def test_missing_values_are_scored():
    data = a_dataset()
    fitted = fit_model(a_spec(), data, 5)
    blank = replace(data, x=np.full_like(data.x, np.nan), scale_amt=np.full(len(data.y), np.nan))
    assert np.isfinite(fitted.probability(blank)).all()
