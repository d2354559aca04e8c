import numpy as np
import pytest

from linewise.simulation.lives.record import CUNNING, EMPLOYMENTS, HABITS, SHAPES
from linewise.simulation.world import World
from tests.linewise.simulation.lives.builders import Lived, lived_in

ADULT_DAYS = 6574


def test_nobody_is_given_a_card_as_a_child_or_after_the_data(lived: Lived) -> None:
    people = lived.lives.people
    assert np.all(people["card_day"] - people["birth_day"] >= ADULT_DAYS)
    assert people["card_day"].max() <= lived.world.calendar.last_day
    assert np.all(people["since_day"] <= people["card_day"])


def test_words_are_of_the_record(lived: Lived) -> None:
    people = lived.lives.people
    for name, words in (("employment", EMPLOYMENTS), ("habit", HABITS), ("shape", SHAPES), ("cunning", CUNNING)):
        assert set(people[name]) == set(range(len(words))), name


def test_days_of_the_month_are_in_every_month(lived: Lived) -> None:
    for name in ("cycle_day", "payday"):
        days = lived.lives.people[name]
        assert days.min() >= 1
        assert days.max() <= 28
    assert len(set(lived.lives.people["cycle_day"])) == 28


def test_limits_are_in_steps_within_what_the_bank_gives(lived: Lived) -> None:
    terms, first = lived.world.profile.terms, lived.lives.people["first_limit_amt"]
    assert np.all((first >= terms.limit_least_amt) & (first <= terms.limit_most_amt))
    assert np.all((first % terms.limit_step_amt == 0) | (first == terms.limit_least_amt))


@pytest.mark.parametrize("trait", ["risk", "outlook", "need", "price_sensitivity"])
def test_hidden_traits_are_standard_normal(crowd: Lived, trait: str) -> None:
    values = crowd.lives.people[trait]
    assert abs(values.mean()) < 4 / np.sqrt(len(values))
    assert values.std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * len(values)))


def test_what_the_officers_know_is_in_nothing_that_the_bank_records(crowd: Lived) -> None:
    people = crowd.lives.people
    for name in ("application_score", "income_amt", "first_limit_amt", "risk", "need"):
        assert abs(np.corrcoef(people["outlook"], people[name])[0, 1]) < 4 / np.sqrt(len(people)), name


def test_the_application_score_sees_the_risk_through_noise(crowd: Lived) -> None:
    people = crowd.lives.people
    assert -0.95 < np.corrcoef(people["application_score"], people["risk"])[0, 1] < -0.4


def test_the_limit_jumps_at_the_cut_offs_of_the_score(crowd: Lived) -> None:
    people = crowd.lives.people
    ratio = people["first_limit_amt"] / people["income_amt"]
    is_plain = (people["employment"] == 0) & (people["income_amt"] > crowd.world.equations["income_median_amt"][0])
    below, above = (np.median(ratio[is_plain & (people["application_score"] // 20 == band)]) for band in (33, 34))
    assert above > 1.05 * below


def test_a_person_is_the_same_in_a_longer_bank_but_for_the_days() -> None:
    short, long = (lived_in(World(month_count=months, seed=1), 200, with_postings=False) for months in (3, 30))
    for name in ("risk", "need", "income_amt", "habit", "cunning", "shape", "birth_day"):
        assert np.array_equal(short.lives.people[name], long.lives.people[name]), name
