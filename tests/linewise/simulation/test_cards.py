import numpy as np
import pytest

from linewise.simulation.cards import JUNIOR, Cards, draw_cards
from linewise.simulation.chance import Chance
from linewise.simulation.days import DATA_UNTIL_US, DAY_US, local_us
from linewise.simulation.loans import Loans, draw_loans, due_day
from linewise.simulation.people import People, draw_people


@pytest.fixture(scope="module")
def drawn() -> tuple[People, Loans, Cards]:
    people = draw_people(np.arange(1, 10_001), Chance(4))
    loans = draw_loans(people, Chance(4))
    return people, loans, draw_cards(people, loans, Chance(4))


def test_junior_cards_are_for_those_under_25_and_no_card_for_those_under_18(
    drawn: tuple[People, Loans, Cards],
) -> None:
    people, _, cards = drawn
    held = cards.is_held(DATA_UNTIL_US)
    age = people.age_years(cards.opened_us // DAY_US)
    assert ((cards.product == JUNIOR) == (age < 25))[held & (np.abs(age - 25) > 0.01)].all()
    assert age[held].min() >= 18


def test_nobody_gets_a_card_after_they_stopped_paying_a_loan(drawn: tuple[People, Loans, Cards]) -> None:
    _, loans, cards = drawn
    stopped = (loans.first_missed > 0) & cards.is_held(DATA_UNTIL_US)
    missed_us = local_us(due_day(loans.opened_day, loans.first_missed) + 1)
    assert stopped.any()
    assert (cards.opened_us < missed_us)[stopped].all()


def test_the_limit_in_force_is_none_before_the_card_and_the_raised_one_after_the_raise(
    drawn: tuple[People, Loans, Cards],
) -> None:
    _, _, cards = drawn
    raised = np.flatnonzero(cards.raised_us <= DATA_UNTIL_US)[0]
    moments = (cards.opened_us[raised] - 1, cards.opened_us[raised], cards.raised_us[raised])
    limits = [int(cards.limit_at(int(moment))[raised]) for moment in moments]
    assert limits == [0, cards.limit_amt[raised], cards.raised_limit_amt[raised]]
    assert limits[2] >= limits[1] > 0


def test_who_shops_more_takes_a_card_sooner(drawn: tuple[People, Loans, Cards]) -> None:
    people, _, cards = drawn
    held = cards.is_held(DATA_UNTIL_US)
    is_busy = people.purchases_a_month > np.median(people.purchases_a_month)
    assert held[is_busy].mean() > held[~is_busy].mean() + 0.1
