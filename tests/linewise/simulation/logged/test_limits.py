import numpy as np
import pytest

from linewise.simulation.logged import LOGGED_WORLDS, draw_people, logged_world
from linewise.simulation.logged.limits import (
    RAISES,
    LimitLog,
    bank_propensities,
    effect_of,
    is_open,
    limit_log,
    limit_truth,
)

COUNT = 40_000
SHAPES = np.arange(4)


@pytest.fixture(scope="module")
def log() -> LimitLog:
    return limit_log(logged_world(log_count=COUNT))


def test_effects_begin_at_nothing_end_alike_and_never_fall() -> None:
    curves = effect_of(np.linspace(0, 1, 101), SHAPES)
    np.testing.assert_allclose(curves[:, 0], 0.0)
    np.testing.assert_allclose(curves[:, -1], np.log(2.0))
    assert (np.diff(curves, axis=1) > 0).all()
    assert len({round(float(one), 6) for one in curves[:, 40]}) == len(SHAPES)


@pytest.mark.parametrize(("name", "rate"), [("base", 0.021), ("downturn", 0.034), ("thin-margin", 0.044)])
def test_as_many_default_without_a_raise_as_the_world_says(name: str, rate: float) -> None:
    world = logged_world(name=name)
    assert limit_truth(world, draw_people(world, COUNT)).pd[:, 0].mean() == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("name", LOGGED_WORLDS)
def test_no_raise_ever_takes_default_borrowing_or_buying_away(name: str) -> None:
    world = logged_world(name=name)
    truth = limit_truth(world, draw_people(world, 5_000))
    for expected in (truth.pd, truth.balance_amt, truth.spend_amt):
        assert (np.diff(expected, axis=1) >= 0).all()
        assert (expected > 0).all()
    assert truth.pd.max() < 1


def test_the_riskiest_quarter_borrows_most_of_a_raise_as_the_literature_says(log: LimitLog) -> None:
    people = log.people
    quarter = np.searchsorted(np.quantile(people.risk, [0.25, 0.5, 0.75]), people.risk)
    borrowed = limit_truth(logged_world(), people).borrowing_ratio
    found = [borrowed[quarter == one].mean() for one in range(4)]
    np.testing.assert_allclose(found, [0.03, 0.08, 0.16, 0.28], atol=0.03)
    assert borrowed.mean() == pytest.approx(0.13, abs=0.02)


def test_what_the_log_shows_is_drawn_from_the_truth(log: LimitLog) -> None:
    truth, rows = limit_truth(logged_world(), log.people), np.arange(COUNT)
    for shown, expected in (
        (log.is_default, truth.pd),
        (log.balance_amt, truth.balance_amt),
        (log.spend_amt, truth.spend_amt),
    ):
        error = shown - expected[rows, log.action]
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(COUNT)


def test_actions_are_drawn_with_the_probability_that_the_log_tells(log: LimitLog) -> None:
    for action in range(len(RAISES)):
        # Weighed by 1 / propensity every action stands for all who are open to it.
        weight = np.where(log.action == action, 1.0 / log.propensity, 0.0)[is_open(log.people)]
        assert weight.mean() == pytest.approx(1.0, abs=5 * weight.std() / np.sqrt(len(weight)))


def test_nobody_who_is_overdue_is_raised_not_even_at_random(log: LimitLog) -> None:
    assert (log.action[~is_open(log.people)] == 0).all()
    assert log.is_randomised.mean() == pytest.approx(0.05, abs=0.005)


def test_the_bank_raises_whom_it_thinks_safe() -> None:
    world = logged_world()
    people = draw_people(world, COUNT)
    given = bank_propensities(people)
    np.testing.assert_allclose(given.sum(axis=1), 1.0)
    assert np.corrcoef(1.0 - given[:, 0], people.risk)[0, 1] < -0.1


def test_a_confounded_bank_follows_what_no_feature_shows_and_does_not_say_so() -> None:
    plain, hidden = (limit_log(logged_world(log_count=COUNT, hidden_confounding=one)) for one in (0.0, 0.8))
    raised = hidden.action > 0
    assert hidden.people.risk[raised].mean() < plain.people.risk[plain.action > 0].mean() - 0.1
    same = hidden.action == plain.action
    np.testing.assert_array_equal(hidden.propensity[same], plain.propensity[same])
    kept = hidden.is_randomised
    np.testing.assert_array_equal(hidden.action[kept], plain.action[kept])


def test_in_the_drift_more_default_from_one_month_on() -> None:
    world = logged_world(name="drift")
    people = draw_people(world, COUNT)
    pd = limit_truth(world, people).pd[:, 0]
    assert pd[people.month >= world.drift_month].mean() > 1.6 * pd[people.month < world.drift_month].mean()
