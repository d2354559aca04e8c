from datetime import date

import numpy as np
import pytest

from linewise.simulation.calendar import DAY_S, day_of
from linewise.simulation.lives.book import day_second
from linewise.simulation.world import World


@pytest.mark.parametrize(("country", "zone_hours"), [("cn", 8), ("us", -5)])
def test_a_second_of_a_day_counts_from_its_midnight(country, zone_hours):
    day = day_of(date(2026, 1, 15))
    found = day_second(World(country=country).surroundings[0], day, 3600)
    assert found == day * DAY_S - zone_hours * 3600 + 3600


def test_the_last_second_stays_within_a_day_that_the_clocks_shorten():
    one, calendar = World(country="us").surroundings[0], World(country="us").calendar
    day = day_of(date(2026, 3, 8))
    begins, ends = calendar.midnight_s(np.array([day, day + 1]))
    assert ends - begins == DAY_S - 3600
    assert day_second(one, day, 86_000) == ends - 1
    assert day_second(one, day, 3600) == begins + 3600
