"""The judge of offers: the same rules for whoever chooses, and pairs that are as likely as they say."""

import numpy as np
import pytest

from benchmarks.value.offers import learning
from benchmarks.value.offers.allocation import by_truth, judged_callers, world_of
from benchmarks.value.offers.calibration import expected_calibration_error
from benchmarks.value.offers.learning import showing_data
from benchmarks.value.offers.policies import POLICY_COUNT, policies_of
from benchmarks.value.offers.topic import OFF_POLICY, RIVALS, STABILITY, TOPIC, VALUE
from benchmarks.value.offers.worth import (
    CONTACTS_RATIO,
    MONEY_EACH_AMT,
    SECONDS_EACH,
    Stakes,
    catalogue_offers,
    chosen,
)
from linewise.simulation.logged.callers import OFFER_IDS
from linewise.simulation.logged.offers import NOTHING, OfferTruth, offer_log
from training.off_policy import METHODS

WORLD = world_of("base", 20_000, 3)
FIGURES = (
    "product", "oracle_on_x", "oracle_on_latent", "logged", "ece", "ece_of_orders", "expected_take_up", "true_take_up",
    "mean_effect", "clipped_ratio", "correction_slope", "effective_ratio", "week", "next_day", "week_grown_anew",
    "other_seed", "earned_before", "earned_after", "new_rows_a_week",
)  # fmt: skip


@pytest.fixture(scope="module")
def judged() -> tuple[OfferTruth, Stakes]:
    _, truth, stakes = judged_callers(WORLD, 4_000)
    return truth, stakes


def test_whoever_chooses_keeps_to_the_budgets_and_to_what_is_permitted(judged: tuple[OfferTruth, Stakes]):
    truth, stakes = judged
    choice = chosen(stakes, stakes.priority_amt(truth.uplift, stakes.value_amt(truth.default_12m)))
    rows = np.flatnonzero(choice < NOTHING)
    assert stakes.callers.is_permitted[rows, choice[rows]].all()
    offers, count = catalogue_offers(), len(choice)
    assert len(rows) <= CONTACTS_RATIO * count
    assert offers.say_seconds[choice[rows]].sum() <= SECONDS_EACH * count
    # Money is the scarcest, and is spent.
    assert 0.99 * MONEY_EACH_AMT * count <= offers.cost_amt[choice[rows]].sum() <= MONEY_EACH_AMT * count


def test_who_sees_what_is_hidden_earns_more_than_any_plainer_way(judged: tuple[OfferTruth, Stakes]):
    truth, stakes = judged
    best = by_truth(stakes, truth)
    value = stakes.value_amt(truth.default_12m)
    for priority in (value, truth.taken_if_shown * value, truth.uplift):
        assert stakes.earned_amt(chosen(stakes, stakes.priority_amt(np.ones_like(value), priority))) <= best
    assert stakes.earned_amt(np.full(len(stakes.callers), NOTHING)) == 0.0


@pytest.mark.parametrize("rows_most", [1_000_000, 60_000, 40_000])
def test_pairs_are_shown_as_often_as_their_chances_say(rows_most: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learning, "ROWS_MOST", rows_most)
    data = showing_data(WORLD, offer_log(WORLD))
    assert len(data.y) <= rows_most
    assert data.propensity is not None
    assert not data.is_censored.any()
    weight = np.ones(len(data.y)) if data.weight is None else data.weight
    for rows in np.array_split(np.argsort(data.propensity, kind="stable"), 5):
        shown = np.average(data.is_shown[rows], weights=weight[rows])
        assert shown == pytest.approx(float(np.average(data.propensity[rows], weights=weight[rows])), abs=0.02)
    assert data.offer_attributes[-1] == "is_shown"
    assert len(np.unique(data.x[:, len(data.feature_names) : -1], axis=0)) == len(OFFER_IDS)


def test_every_policy_chooses_among_what_is_open_and_sums_to_one(judged: tuple[OfferTruth, Stakes]):
    truth, stakes = judged
    value = stakes.value_amt(truth.default_12m)
    found = list(policies_of(stakes, truth.taken_if_shown, value, seed=1))
    assert len(found) == POLICY_COUNT
    for policy in found:
        np.testing.assert_allclose(policy.sum(axis=1), 1.0)
        assert policy[:, :NOTHING][~stakes.callers.is_permitted].max() == 0.0
    assert len({policy.tobytes() for policy in found}) == POLICY_COUNT


def test_a_forecast_that_comes_true_has_no_calibration_error():
    expected = np.random.default_rng(0).random(1_000)
    assert expected_calibration_error(expected, expected) == 0.0
    assert expected_calibration_error(expected, expected + 0.1) == pytest.approx(0.1)


def test_every_task_has_its_line_of_the_table():
    of_policies = [f"{one}_{what}" for one in METHODS for what in ("rms", "bias", "held")]
    figures = dict.fromkeys([*FIGURES, *RIVALS, *of_policies], 1.0)
    rows = list(TOPIC.rows(dict.fromkeys(TOPIC.tasks, figures)))
    names = [row.name for row in rows]
    assert {task.name for task in TOPIC.tasks} == {VALUE, OFF_POLICY, STABILITY}
    for said in (
        "offers under budget and capacity", "do no harm, offers", "calibration out of time, take-up",
        "off-policy value, RMS", "intervals that hold", "stability, offers, another seed",
    ):  # fmt: skip
        assert [name for name in names if said in name]
    assert len(names) == len(set(names))
