import numpy as np
import pytest

from linewise.simulation.lives.living import Intervention, lived_with_chances
from linewise.simulation.lives.offers import NOTHING_SHOWN, OFFERS_COUNT
from linewise.simulation.lives.record import (
    EXPOSURE,
    HOLDING,
    LIFE_EVENT,
    LIFE_EVENTS,
    OFFERS,
    OUTCOME,
    OUTCOMES,
    PRODUCTS,
    SHOWN_IN,
)
from linewise.simulation.world import World
from tests.linewise.simulation.lives.builders import Lived

WORLD = World(month_count=4, seed=1)
NUMBERS = np.arange(1, 3001)
MONTH = 2
ORDERED = OUTCOMES.index("ordered")
CLASSIC, GOLD = OFFERS.index("CARD_CLASSIC"), OFFERS.index("CARD_GOLD")


def forced(offer: int, channel: str, future: int = 0):
    """The bank with one offer shown to all who may have it, and the chance of each to take it."""
    action = Intervention(MONTH, offer=offer, channel=SHOWN_IN.index(channel), future=future)
    lives, chances = lived_with_chances(WORLD, NUMBERS, intervention=action)
    return Lived(WORLD, lives), chances


def shown_in(bank: Lived, channel: str):
    shown = bank.events(EXPOSURE, b=SHOWN_IN.index(channel))
    return shown[bank.month_of(shown) == MONTH]


def test_an_offer_is_shown_to_those_with_a_chance_and_to_nobody_else() -> None:
    bank, chances = forced(CLASSIC, "sms")
    shown = shown_in(bank, "sms")
    assert set(shown["person"]) == set(np.flatnonzero(chances > 0))
    assert set(shown["a"]) == {CLASSIC}
    assert 0 < np.mean(chances > 0) < 1
    assert chances.max() <= 0.7


def test_who_holds_a_card_already_or_is_in_arrears_is_not_shown_it() -> None:
    bank, chances = forced(GOLD, "sms")
    holders = bank.events(HOLDING, a=PRODUCTS.index("card_gold"))
    before = holders[holders["at_s"] < bank.ends_s[holders["person"], MONTH]]
    assert len(before)
    assert not chances[before["person"]].any()
    assert not chances[bank.lives.months["bucket"][:, MONTH - 1] > 0].any()


def test_an_offer_is_taken_as_often_as_its_chance_says() -> None:
    taken, expected, variance = 0, 0.0, 0.0
    for future in range(1, 9):
        bank, chances = forced(CLASSIC, "telephone", future)
        answers = bank.events(OUTCOME, b=ORDERED, a=CLASSIC)
        answers = answers[answers["d"] >= 0]
        exposures = bank.events(EXPOSURE)
        named = exposures[np.searchsorted(exposures["person"], answers["person"]) + answers["d"]]
        of_campaign = (named["b"] == SHOWN_IN.index("telephone")) & (bank.month_of(named) == MONTH)
        taken += int(of_campaign.sum())
        expected += chances.sum()
        variance += (chances * (1 - chances)).sum()
    assert taken > 100
    assert abs(taken - expected) < 4 * np.sqrt(variance)


def test_nothing_shown_means_no_campaign_in_that_month_and_the_same_before() -> None:
    lives, chances = lived_with_chances(WORLD, NUMBERS, intervention=Intervention(MONTH, offer=NOTHING_SHOWN))
    bank, usual = Lived(WORLD, lives), Lived(WORLD, lived_with_chances(WORLD, NUMBERS)[0])
    assert not chances.any()
    for channel in ("sms", "push", "telephone", "email"):
        shown = shown_in(bank, channel)
        assert not len(shown[shown["a"] < OFFERS_COUNT])
    assert len(shown_in(usual, "sms")) > 50


@pytest.mark.parametrize(("better", "worse"), [("telephone", "sms"), ("sms", "email"), ("voice", "telephone")])
def test_the_channel_tells_in_the_chance(better: str, worse: str) -> None:
    more, fewer = forced(CLASSIC, better)[1], forced(CLASSIC, worse)[1]
    assert np.array_equal(more > 0, fewer > 0)
    assert more.mean() > fewer.mean()


def test_showings_tell_a_probability_and_the_agent_where_there_is_one(lived: Lived) -> None:
    shown = lived.events(EXPOSURE)
    offered = shown[shown["a"] < OFFERS_COUNT]
    assert np.all((offered["x"] > 0) & (offered["x"] <= 1))
    by_agent = np.isin(offered["b"], [SHOWN_IN.index("voice"), SHOWN_IN.index("telephone")])
    assert np.array_equal(offered["e"] >= 0, by_agent)
    assert np.array_equal(offered["c"] >= 0, by_agent)
    not_pitched = offered[(offered["c"] == 0)]
    assert len(not_pitched)
    assert np.all(not_pitched["d"] >= 0)


def test_agents_pitch_by_what_they_hear(lived: Lived) -> None:
    calls = lived.events(EXPOSURE, b=SHOWN_IN.index("voice"))
    need = lived.lives.people["need"][calls["person"]]
    assert need[calls["c"] == 1].mean() > need[calls["c"] == 0].mean() + 0.1


def test_those_who_call_need_more_than_the_others(lived: Lived) -> None:
    calls = lived.events(EXPOSURE, b=SHOWN_IN.index("voice"))
    assert lived.lives.people["need"][calls["person"]].mean() > lived.lives.people["need"].mean() + 0.1


def test_a_card_is_held_once(lived: Lived) -> None:
    held = lived.events(HOLDING)
    assert len(held) > 50
    pairs = held[["person", "a"]].tolist()
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize(("offer", "is_likelier"), [("CARD_TRAVEL", True), ("CARD_CLASSIC", False)])
def test_a_trip_ahead_makes_the_travel_card_likelier_and_no_other(offer: str, is_likelier: bool) -> None:
    bank, chances = forced(OFFERS.index(offer), "push")
    trips = bank.events(LIFE_EVENT, a=LIFE_EVENTS.index("travel"))
    goes = np.zeros(len(NUMBERS), dtype=bool)
    goes[trips["person"][bank.month_of(trips) == MONTH]] = True
    with_trip, without = chances[goes & (chances > 0)].mean(), chances[~goes & (chances > 0)].mean()
    assert bool(with_trip > 1.8 * without) is is_likelier
