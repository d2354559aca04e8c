"""What showing adds is found where the truth is known, and what it rests on is told."""

from dataclasses import replace

import numpy as np
import pytest

from linewise.quality.uplift import LEAST_CHANCE
from tests.training.effects.showings import SPEC, Showings, some_showings
from training.effects.correcting import Unseen, fit_effect, pseudo_outcomes
from training.effects.showing_chance import chance_of_showing
from training.fitting import FittedModel, fit_model
from training.folds import customer_folds
from training.specs import SPECS


@pytest.fixture(scope="module")
def showings() -> Showings:
    return some_showings()


@pytest.fixture(scope="module")
def fitted(showings: Showings) -> FittedModel:
    return fit_model(SPEC, showings.data, 1)


def test_the_effect_follows_the_truth_and_is_below_nothing_for_who_is_driven_off(
    showings: Showings, fitted: FittedModel
):
    found = fitted.uplift(showings.data)
    assert np.corrcoef(found, showings.true_effect)[0, 1] > 0.8
    assert found.mean() == pytest.approx(showings.true_effect.mean(), abs=0.01)
    driven_off = showings.true_effect < -0.02
    assert found[driven_off].mean() < 0.02


def test_the_mean_effect_lies_within_its_error(showings: Showings, fitted: FittedModel):
    effect = fitted.effect
    assert effect is not None
    assert abs(effect.mean_effect - showings.true_effect.mean()) < 4 * effect.mean_effect_error
    assert effect.clipped_ratio < 0.01


def test_an_effect_that_trees_see_too_large_is_brought_down(showings: Showings):
    data = showings.data
    doubled = Unseen(np.full(len(data.y), 0.05) + 2 * showings.true_effect, np.full(len(data.y), 0.05), a_fold(data))
    effect = fit_effect(data, doubled, 1)
    assert effect.slope < 0.75
    assert effect.of(2 * showings.true_effect, data.x).mean() == pytest.approx(showings.true_effect.mean(), abs=0.012)


def test_what_trees_have_missed_is_learnt_beside(showings: Showings):
    data = showings.data
    nothing = Unseen(np.full(len(data.y), 0.12), np.full(len(data.y), 0.05), a_fold(data))
    found = fit_effect(data, nothing, 1).of(np.full(len(data.y), 0.07), data.x)
    assert np.corrcoef(found, showings.true_effect)[0, 1] > 0.6


@pytest.mark.parametrize(("wrong", "of"), [("trees", 0.0), ("chance", 0.2)])
def test_it_is_right_where_either_the_trees_or_the_chances_are(showings: Showings, wrong: str, of: float):
    data, true = showings.data, showings.true_effect
    by_itself = showings.true_taken - true
    known = Unseen(showings.true_taken, by_itself, a_fold(data))
    empty = Unseen(np.zeros(len(data.y)), np.zeros(len(data.y)), a_fold(data))
    chance = np.full(len(data.y), 0.5) if wrong == "chance" else data.propensity
    assert chance is not None
    psi = pseudo_outcomes(data, known if wrong == "chance" else empty, chance)
    assert psi.mean() == pytest.approx(true.mean(), abs=0.012)


def test_chances_that_nobody_wrote_down_are_learnt(showings: Showings):
    data = replace(showings.data, propensity=None)
    found, _ = chance_of_showing(data, a_fold(data), 1)
    assert np.corrcoef(found, showings.data.propensity)[0, 1] > 0.95
    certain = replace(showings.data, propensity=np.ones(len(data.y)))
    cut, clipped = chance_of_showing(certain, a_fold(data), 1)
    assert (cut.max(), clipped) == (1 - LEAST_CHANCE, 1.0)


def test_where_nothing_is_known_nothing_is_added(showings: Showings):
    data = replace(showings.data, y=np.zeros_like(showings.data.y))
    nothing = np.zeros(len(data.y))
    effect = fit_effect(data, Unseen(nothing, nothing, a_fold(data)), 1)
    np.testing.assert_array_equal(effect.of(nothing, data.x), 0.0)


def test_without_a_control_group_there_is_no_effect_apart_from_take_up(showings: Showings):
    data = replace(showings.data, has_control_group=False)
    assert fit_model(SPEC, data, 1).effect is None


def test_another_seed_leaves_the_effect_and_everything_it_is_made_of_as_they_are(showings: Showings):
    data = replace(showings.data, propensity=None).rows(np.arange(6_000))
    one, other = (fit_model(SPECS["offer_take_up"], data, seed) for seed in (1, 2_000))
    np.testing.assert_array_equal(one.uplift(data), other.uplift(data))
    assert one.calibration == other.calibration


def a_fold(data) -> np.ndarray:
    return customer_folds(data.y, data.groups, 3, 1)
