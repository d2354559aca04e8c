from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from linewise.simulation.calendar import DAY_S, EXTRA_MONTHS, WARM_UP_MONTHS, Calendar, day_of
from linewise.simulation.profile import SEASON_CLASSES, profile_of
from linewise.simulation.world import World

COUNTRIES = ("cn", "us")


@pytest.fixture(scope="module", params=COUNTRIES)
def calendar(request: pytest.FixtureRequest) -> Calendar:
    """Forty months of each country: three leap years are lived with warm-up and what comes after."""
    return World(country=request.param, month_count=40).calendar


def weight(country: str, day: str, season: str) -> float:
    calendar = World(country=country, month_count=36).calendar
    return float(
        calendar.day_weights[SEASON_CLASSES.index(season), day_of(date.fromisoformat(day)) - calendar.base_day]
    )


@pytest.mark.parametrize(
    ("month_count", "names"),
    [(2, ["2026-10", "2026-11"]), (4, ["2026-08", "2026-09", "2026-10", "2026-11"])],
)
def test_the_last_month_with_data_is_november_2026(month_count, names):
    assert World(month_count=month_count).calendar.month_names == names


def test_a_year_has_twelve_names():
    assert World(month_count=13).calendar.month_names[0] == "2025-11"


@pytest.mark.parametrize(("country", "moment"), [("cn", datetime(2026, 11, 20, 2, tzinfo=UTC)), ("us", None)])
def test_the_data_end_in_the_morning_of_the_twentieth(country, moment):
    calendar = World(country=country).calendar
    local = calendar.data_until.astimezone(ZoneInfo(calendar.time_zone))
    assert (local.date(), local.hour) == (date(2026, 11, 20), profile_of(country).data_end_hour)
    assert calendar.data_until.timestamp() == calendar.data_until_s
    assert moment in (None, calendar.data_until)
    # The last night's bookings are in: the day before is whole.
    assert calendar.last_day == day_of(date(2026, 11, 19))


def test_each_day_begins_at_its_own_midnight(calendar):
    days = np.arange(calendar.first_day - 400, calendar.last_day + 400)
    zone = ZoneInfo(calendar.time_zone)
    for day, second in zip(days.tolist(), calendar.midnight_s(days).tolist(), strict=True):
        local = datetime.fromtimestamp(second, zone)
        assert (local.hour, local.minute, day_of(local.date())) == (0, 0, day)


def test_clocks_change_where_they_do_and_stand_elsewhere():
    lengths = {}
    for country in COUNTRIES:
        calendar = World(country=country, month_count=12).calendar
        days = np.arange(day_of(date(2026, 1, 1)), day_of(date(2027, 1, 1)))
        lengths[country] = sorted(set(np.diff(calendar.midnight_s(days)).tolist()))
    assert lengths == {"cn": [DAY_S], "us": [DAY_S - 3600, DAY_S, DAY_S + 3600]}


@pytest.mark.parametrize("cycle_day", [1, 15, 28])
def test_the_cycles_of_a_card_cover_every_day_once(calendar, cycle_day):
    months = np.arange(-WARM_UP_MONTHS, 40 + EXTRA_MONTHS)
    ends = calendar.cycle_end_day(np.array(cycle_day), months)
    begins = calendar.cycle_end_day(np.array(cycle_day), months - 1)
    assert np.array_equal(begins[1:], ends[:-1])
    assert set((ends - begins).tolist()) == {28, 29, 30, 31}


def test_a_cycle_closes_on_its_day_of_the_month(calendar):
    for month, name in enumerate(calendar.month_names):
        end = calendar.cycle_end_day(np.array([5]), month)[0]
        assert end == day_of(date.fromisoformat(f"{name}-05"))


def test_february_has_29_days_in_a_leap_year():
    calendar = World(month_count=40).calendar
    at = calendar.month_names.index("2024-02")
    days = np.diff(calendar.month_begins)[at + WARM_UP_MONTHS + 1 :]
    assert days[0] == 29
    assert days[12] == 28


def test_the_longest_bank_and_all_that_follows_it_have_room():
    world = World(month_count=60)
    one, calendar = world.surroundings[0], world.calendar
    last = len(calendar.month_begins)
    assert np.array_equal(one["month_begins"][:last], calendar.month_begins)
    assert np.array_equal(one["midnights_s"][: len(calendar.midnights_s)], calendar.midnights_s)
    assert last == 1 + WARM_UP_MONTHS + 60 + EXTRA_MONTHS + 2


@pytest.mark.parametrize(
    ("country", "day", "season", "usual"),
    [
        ("cn", "2025-11-11", "ecommerce", "2025-11-25"),
        ("cn", "2026-06-18", "ecommerce", "2026-06-25"),
        ("cn", "2026-10-02", "travel", "2026-10-16"),
        ("cn", "2026-02-10", "retail", "2026-03-10"),
        ("us", "2025-11-28", "retail", "2025-10-24"),
    ],
    ids=["Singles' Day", "6.18", "National Day", "before the Spring Festival", "Black Friday"],
)
def test_more_is_bought_on_days_that_are_festive(country, day, season, usual):
    assert weight(country, day, season) > 1.15 * weight(country, usual, season)


def test_shops_are_quiet_during_the_spring_festival_of_each_year():
    for day in ("2024-02-12", "2025-01-30", "2026-02-18"):
        assert weight("cn", day, "ecommerce") < 0.8
    # A year before, the same days were those of the festival.
    assert weight("cn", "2026-01-30", "ecommerce") == 1.0


def test_every_season_is_of_a_known_festival_or_of_fixed_days():
    for country in COUNTRIES:
        calendar = World(country=country).calendar
        assert calendar.day_weights.shape == (len(SEASON_CLASSES), len(calendar.midnights_s))
        assert calendar.day_weights.min() > 0


def test_the_festivals_of_all_years_that_can_be_lived_are_known():
    calendar = World(month_count=60).calendar
    first = calendar.month_begin(-WARM_UP_MONTHS).year
    last = calendar.month_begin(60 + EXTRA_MONTHS).year
    assert {day.year for day in profile_of("cn").spring_festivals} >= set(range(first, last + 1))
