import numpy as np
import pytest

from linewise.simulation.logged import logged_world
from linewise.simulation.logged.callers import CHANNELS, OFFER_IDS
from linewise.simulation.logged.offers import (
    NOT_PITCHED,
    NOTHING,
    POSTPONED,
    OfferLog,
    OfferTruth,
    offer_log,
    offer_truth,
)

WORLD = logged_world(log_count=60_000, floor_ratio=0.14)


@pytest.fixture(scope="module")
def log() -> OfferLog:
    return offer_log(WORLD)


@pytest.fixture(scope="module")
def truth(log: OfferLog) -> OfferTruth:
    return offer_truth(WORLD, log.callers)


def of_shown(log: OfferLog, values: np.ndarray) -> np.ndarray:
    """The column of the offer that was shown, of the rows in which one was."""
    rows = np.flatnonzero(log.action < NOTHING)
    return values[rows, log.action[rows]]


def test_each_action_is_drawn_with_the_probability_that_is_written_down(log: OfferLog) -> None:
    drawn = np.bincount(log.action, minlength=NOTHING + 1) / len(log.action)
    np.testing.assert_allclose(drawn, log.propensity.mean(axis=0), atol=0.005)
    np.testing.assert_allclose(log.propensity.sum(axis=1), 1.0)


def test_every_permitted_action_has_its_floor_and_no_other_is_ever_taken(log: OfferLog) -> None:
    permitted = log.callers.is_permitted
    assert log.propensity[:, :NOTHING][permitted].min() >= 0.02
    assert log.propensity[:, :NOTHING][~permitted].max() == 0.0
    assert of_shown(log, permitted).all()


def test_orders_come_as_often_as_the_truth_says(log: OfferLog, truth: OfferTruth) -> None:
    without_agent = (log.callers.channel > CHANNELS.index("telephone")) & (log.action < NOTHING)
    rows = np.flatnonzero(without_agent)
    expected = truth.taken_if_shown[rows, log.action[rows]]
    observed = log.is_taken[rows, log.action[rows]]
    assert observed.mean() == pytest.approx(expected.mean(), abs=4 * np.sqrt(expected.mean() / len(rows)))
    not_shown = log.is_taken[:, 0][log.action != 0]
    expected = truth.taken_anyway[:, 0][log.action != 0].mean()
    assert not_shown.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / len(not_shown)))


def test_orders_of_whom_agents_pitched_to_say_more_than_what_showing_brings(log: OfferLog, truth: OfferTruth) -> None:
    by_agent = (log.callers.channel == 0) & (log.action < NOTHING)
    rows = np.flatnonzero(by_agent & ~log.is_censored)
    pitched = rows[log.is_pitched[rows]]
    shown = truth.taken_if_shown[rows, log.action[rows]].mean()
    assert log.is_taken[pitched, log.action[pitched]].mean() > 1.15 * shown


def test_who_puts_it_off_is_neither_an_order_nor_a_refusal(log: OfferLog) -> None:
    put_off = np.flatnonzero(log.is_censored)
    assert (log.answer[put_off] == POSTPONED).all()
    assert not log.is_taken[put_off, log.action[put_off]].any()
    assert (log.answer[(log.action < NOTHING) & ~log.is_pitched] == NOT_PITCHED).all()


def test_some_are_driven_off_and_most_are_not(truth: OfferTruth) -> None:
    assert 0.05 < (truth.uplift < 0).mean() < 0.15
    assert truth.uplift.mean() > 0.02


def test_a_downturn_sells_less_and_defaults_more(log: OfferLog, truth: OfferTruth) -> None:
    worse = offer_truth(logged_world(name="downturn"), log.callers)
    assert worse.uplift.mean() < truth.uplift.mean()
    assert worse.default_12m.mean() > truth.default_12m.mean()


def test_a_confounded_bank_follows_what_it_does_not_write_down() -> None:
    travel = OFFER_IDS.index("CARD_TRAVEL")
    tastes = []
    for hidden_confounding in (0.0, 0.8):
        log = offer_log(logged_world(log_count=20_000, floor_ratio=0.14, hidden_confounding=hidden_confounding))
        gap = log.callers.taste[log.action == travel, travel].mean() - log.callers.taste[:, travel].mean()
        tastes.append(gap)
    assert tastes[1] > tastes[0] + 0.2
