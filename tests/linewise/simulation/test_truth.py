import math

import numpy as np
import pytest

from linewise.core.errors import UsageError
from linewise.simulation.lives.living import live
from linewise.simulation.lives.record import CHARGED_OFF
from linewise.simulation.truth import DEFAULT_BUCKET, NO_OFFER, PROMOTIONS, Outcomes, Truth
from linewise.simulation.world import World

WORLD = World(month_count=6, seed=1)
TRUTH = Truth(WORLD)
NUMBERS = np.arange(1, 1001)
MONTH = 2


@pytest.fixture(scope="module")
def people():
    return live(World(month_count=2, seed=1), np.arange(1, 20_001), with_postings=False).people


def equal(one: Outcomes, other: Outcomes) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Outcomes.__slots__)


def test_where_nothing_is_changed_the_truth_is_what_the_data_show():
    months = live(WORLD, NUMBERS, with_postings=False).months[:, MONTH:]
    found = TRUTH.outcomes(NUMBERS, MONTH, horizon=4)
    last = months[:, -1]
    assert np.array_equal(found.limit_amt, last["limit_amt"])
    assert np.array_equal(found.balance_amt, np.where(last["bucket"] == CHARGED_OFF, 0, last["balance_amt"]))
    assert np.array_equal(found.spend_amt, months["spend_amt"].sum(axis=1))
    assert np.array_equal(found.profit_amt, months["profit_amt"].sum(axis=1))
    assert np.array_equal(found.is_default, (months["bucket"] >= DEFAULT_BUCKET).any(axis=1))


def test_a_longer_horizon_lives_on_beyond_the_data():
    near, far = TRUTH.outcomes(NUMBERS, MONTH, horizon=4), TRUTH.outcomes(NUMBERS, MONTH, horizon=12)
    assert far.is_default.mean() > near.is_default.mean()
    assert np.all(far.is_default >= near.is_default)
    assert far.spend_amt.mean() > 2 * near.spend_amt.mean()


def test_what_the_bank_gave_up_and_what_it_will_are_told_apart():
    months = live(WORLD, NUMBERS, with_postings=False, extra_months=8).months[:, MONTH : MONTH + 12]
    found, last = TRUTH.outcomes(NUMBERS, MONTH), months[:, -1]
    assert np.array_equal(found.written_off_amt, months["charged_off_amt"].sum(axis=1))
    assert found.written_off_amt.sum() > 0
    is_overdue = (last["bucket"] >= DEFAULT_BUCKET) & (last["bucket"] < CHARGED_OFF)
    assert np.array_equal(found.owed_in_default_amt, np.where(is_overdue, last["balance_amt"], 0))
    assert found.owed_in_default_amt.sum() > 0


def test_what_is_decided_at_the_end_of_the_data_happens_in_the_first_cycle_after_it():
    calendar, people = WORLD.calendar, live(WORLD, NUMBERS, with_postings=False).people
    begins = calendar.cycle_end_day(people["cycle_day"], TRUTH.next_month - 1)
    assert np.all(begins > calendar.last_day)
    before = calendar.cycle_end_day(people["cycle_day"], TRUTH.next_month - 2)
    assert np.any(before <= calendar.last_day)
    raised = TRUTH.effect(NUMBERS, TRUTH.next_month, 1.5, horizon=1)
    assert (raised.limit_amt > 0).mean() > 0.5


def test_the_effect_of_no_change_is_nothing():
    assert not any(getattr(TRUTH.effect(NUMBERS, MONTH, 1.0), name).any() for name in Outcomes.__slots__)


def test_each_customer_may_be_given_their_own_limit():
    factor = np.where(NUMBERS % 2 == 0, 1.5, 1.0)
    effect, everyone = TRUTH.effect(NUMBERS, MONTH, factor), TRUTH.effect(NUMBERS, MONTH, 1.5)
    assert not effect.balance_amt[0::2].any()
    assert np.array_equal(effect.balance_amt[1::2], everyone.balance_amt[1::2])


def test_a_raise_is_borrowed_of_and_pays_and_the_risky_default_more(people):
    revolvers = people["number"][people["habit"] == 2]
    effect = TRUTH.effect(revolvers[:3000], MONTH, 1.5)
    assert effect.balance_amt.mean() > 4 * standard_error(effect.balance_amt)
    assert effect.spend_amt.mean() > 0
    # A good payer brings what is borrowed of the raise, and next to no loss.
    safe = people["number"][(people["habit"] == 2) & (people["risk"] < -0.3)][:2000]
    profit = TRUTH.effect(safe, MONTH, 1.5).profit_amt
    assert profit.mean() > 2 * standard_error(profit)
    risky = people["number"][(people["habit"] == 2) & (people["risk"] > 0.8)][:2000]
    default = TRUTH.effect(risky, MONTH, 2.0).is_default
    assert default.mean() > 2 * standard_error(default)


def test_a_cut_is_paid_down():
    assert TRUTH.effect(NUMBERS, MONTH, 0.5).balance_amt.mean() < 0


def standard_error(values) -> float:
    return float(values.std() / math.sqrt(len(values)))


def test_another_future_is_another_one_and_the_same_each_time():
    first = TRUTH.outcomes(NUMBERS, MONTH, future=1)
    assert equal(first, TRUTH.outcomes(NUMBERS, MONTH, future=1))
    assert not np.array_equal(first.spend_amt, TRUTH.outcomes(NUMBERS, MONTH, future=2).spend_amt)


def test_expected_outcomes_are_the_means_of_futures_and_their_errors_shrink():
    some = NUMBERS[:300]
    few, many = TRUTH.expected(some, MONTH, futures=4), TRUTH.expected(some, MONTH, futures=32)
    runs = [TRUTH.outcomes(some, MONTH, future=future).profit_amt for future in range(1, 5)]
    assert np.allclose(few.mean.profit_amt, np.mean(runs, axis=0))
    ratio = many.standard_error.spend_amt.mean() / few.standard_error.spend_amt.mean()
    # By the square root of eight: 0.354; of four futures the error itself is uncertain.
    assert 0.28 < ratio < 0.48
    assert np.all((many.mean.is_default >= 0) & (many.mean.is_default <= 1))
    assert many.futures == 32


def test_expected_outcomes_of_two_actions_share_their_futures():
    some = NUMBERS[:300]
    held, same = (TRUTH.expected(some, MONTH, futures=4, limit_factor=1.0) for _ in range(2))
    assert equal(held.mean, same.mean)
    raised = TRUTH.expected(some, MONTH, futures=4, limit_factor=1.25)
    gain = raised.mean.balance_amt - held.mean.balance_amt
    assert gain.std() < held.mean.balance_amt.std()
    assert gain.mean() > 0


def test_an_offer_that_a_customer_may_not_have_is_taken_with_no_chance():
    chances = TRUTH.acceptance(NUMBERS, MONTH, "CARD_JUNIOR", "sms")
    people = live(WORLD, NUMBERS, with_postings=False).people
    age_years = (WORLD.calendar.last_day - people["birth_day"]) / 365.2425
    assert not chances[age_years > 26].any()
    assert (chances[age_years < 24] > 0).mean() > 0.5
    shown = TRUTH.outcomes(NUMBERS, MONTH, offer="CARD_JUNIOR", channel="sms", horizon=1)
    none = TRUTH.outcomes(NUMBERS, MONTH, offer=NO_OFFER, horizon=1)
    assert np.array_equal(shown.profit_amt[age_years > 26], none.profit_amt[age_years > 26])


@pytest.mark.parametrize("offer", PROMOTIONS)
def test_chances_are_probabilities_and_some_may_have_each_offer(offer):
    chances = TRUTH.acceptance(NUMBERS, MONTH, offer, "voice")
    assert chances.min() >= 0
    assert chances.max() <= 0.7
    assert 0.01 < (chances > 0).mean() < 1


def test_promotion_does_harm_to_sleeping_dogs_and_not_to_others(people):
    is_dog = people["is_sleeping_dog"] == 1
    values = {}
    for name, chosen in (("dogs", is_dog), ("others", ~is_dog)):
        numbers = people["number"][chosen][:1200]
        values[name], _ = TRUTH.incremental_value_amt(numbers, MONTH, "CARD_CLASSIC", "telephone", futures=6)
    assert values["dogs"].mean() < -2 * standard_error(values["dogs"])
    assert values["others"].mean() > values["dogs"].mean() + 2 * standard_error(values["dogs"])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"month": -1}, "from 0 to 13"),
        ({"month": 14}, "from 0 to 13"),
        ({"limit_factor": 0.0}, "Above 0 and up to 10"),
        ({"limit_factor": -1.0}, "Above 0 and up to 10"),
        ({"limit_factor": 10.5}, "Above 0 and up to 10"),
        ({"limit_factor": math.inf}, "Above 0 and up to 10"),
        ({"limit_factor": np.array([1.0, 0.0])}, "multiplied by 0.0"),
        ({"offer": "CARD_PLATINUM"}, "CARD_JUNIOR"),
        ({"offer": "LIMIT_25"}, "There is no offer"),
        ({"offer": "CARD_GOLD", "channel": "pigeon"}, "voice, sms"),
        ({"horizon": 0}, "1 to 40"),
        ({"horizon": 41}, "1 to 40"),
        ({"month": 7, "horizon": 39}, "1 to 38"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(settings, told):
    with pytest.raises(UsageError, match=told):
        TRUTH.outcomes(NUMBERS[:2], **({"month": MONTH} | settings))


@pytest.mark.parametrize("futures", [-1, 0, 1])
def test_too_few_futures_are_refused(futures):
    with pytest.raises(UsageError, match="Two or more"):
        TRUTH.expected(NUMBERS[:2], MONTH, futures=futures)
    with pytest.raises(UsageError, match="Two or more"):
        TRUTH.incremental_value_amt(NUMBERS[:2], MONTH, "CARD_GOLD", "sms", futures=futures)
