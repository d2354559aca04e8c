import dataclasses

import numpy as np

from linewise.simulation.chance import Chance
from linewise.simulation.days import LAST_DAY, MONTHS
from linewise.simulation.people import draw_people


def test_a_customer_is_the_same_alone_and_among_others() -> None:
    alone = draw_people(np.array([321]), Chance(8))
    everyone = draw_people(np.arange(1, 1_001), Chance(8))
    for field in dataclasses.fields(alone):
        assert np.array_equal(getattr(alone, field.name)[0], getattr(everyone, field.name)[320]), field.name


def test_customers_are_adults_and_their_traits_lie_where_they_should() -> None:
    people = draw_people(np.arange(1, 20_001), Chance(8))
    age = people.age_years(LAST_DAY)
    assert 18 < age.min() < age.max() < 71
    assert people.income_amt.min() >= 180_000
    assert 6_000 < np.median(people.income_amt) / 100 < 11_000
    assert (people.steadiness > 0).all() and (people.steadiness < 1).all()
    assert np.allclose(people.taste.sum(axis=1), 1)
    orders = people.rent_amt + people.household_amt + people.insurance_amt + people.leasing_amt
    assert (orders < people.income_amt * 0.55).all()


def test_histories_are_24_to_30_months_long() -> None:
    people = draw_people(np.arange(1, 5_001), Chance(8))
    assert set(len(MONTHS) - people.first_month) == set(range(24, 31))


def test_students_are_young_and_pensioners_are_not() -> None:
    people = draw_people(np.arange(1, 5_001), Chance(8))
    age = people.age_years(LAST_DAY)
    assert age[people.is_student].max() < 24
    assert age[people.is_pensioner].min() >= 61
