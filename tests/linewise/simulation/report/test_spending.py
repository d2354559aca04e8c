from datetime import date

import numpy as np
import pytest

from linewise.simulation.calendar import day_of
from linewise.simulation.report import spending
from linewise.simulation.report.sums import Totals
from tests.linewise.simulation.report.builders import a_sample, a_world, midday_s, some_lives, totals_of

WORLD = a_world(24)
NAMES = [group.name for group in WORLD.profile.merchant_groups]
ECOMMERCE, DINING = NAMES.index("ecommerce"), NAMES.index("dining")
DAYS = range(WORLD.calendar.first_day, WORLD.calendar.last_day + 1)


def purchase(day: int, amount_amt: int = 100, group: int = ECOMMERCE, **fields: int) -> dict[str, int]:
    return {"at_s": midday_s(WORLD, day), "amount_amt": amount_amt, "group": group, "account": 1} | fields


def totals_with(purchases: list[dict[str, int]], customer_count: int = 1) -> Totals:
    return totals_of(spending, a_sample(some_lives(customer_count, WORLD, postings=purchases), WORLD))


def test_a_festive_day_is_told_by_plain_days_around_it():
    singles = {day_of(date(year, 11, 11)) for year in (2025, 2026)}
    totals = totals_with([purchase(day, 500 if day in singles else 100) for day in DAYS])
    assert spending.festive_multiple(totals, WORLD, "ecommerce", 11, 11, 1) == pytest.approx(5.0)
    assert spending.festive_multiple(totals, WORLD, "ecommerce", 11, 11, 1, counted=True) == pytest.approx(1.0)
    assert spending.festive_multiple(totals, WORLD, None, 11, 11, 1) == pytest.approx(5.0)


def test_other_festive_days_do_not_raise_what_is_plain():
    # The ten days before Singles' Day sell ten times as much; they are a season, not a plain day.
    busy = {day_of(date(year, 11, day)) for year in (2025, 2026) for day in range(1, 11)}
    totals = totals_with([purchase(day, 1000 if day in busy else 100) for day in DAYS])
    assert spending.festive_multiple(totals, WORLD, "ecommerce", 11, 11, 1) == pytest.approx(1.0)


def test_a_day_that_the_data_do_not_hold_is_not_a_number():
    short = a_world(3)
    totals = totals_of(spending, a_sample(some_lives(1, short), short))
    assert np.isnan(spending.festive_multiple(totals, short, "ecommerce", 6, 18, 1))


def test_weekends_are_told_by_weekdays():
    def amount(day: int) -> int:
        return 130 if date.fromordinal(date(1970, 1, 1).toordinal() + day).weekday() >= 5 else 100

    totals = totals_with([purchase(day, amount(day), DINING) for day in DAYS])
    assert spending.weekend_multiple(totals, WORLD, "dining") == pytest.approx(1.3)


@pytest.mark.parametrize(
    "fields", [{"is_declined": 1}, {"kind": 1, "is_credit": 1}, {"account": 0}, {"account": 3}, {"group": -1}]
)
def test_only_purchases_on_a_card_that_went_through_are_bought(fields: dict[str, int]):
    totals = totals_with([purchase(DAYS[5]), purchase(DAYS[5], account=2), purchase(DAYS[5], **fields)])
    assert totals["bought_amt"].sum() == 200
    assert spending.by_day(totals, WORLD)[ECOMMERCE, 5] == 200


@pytest.mark.parametrize(("after_payday_amt", "share"), [(100, 0.0), (124, 0.0), (126, 1.0), (300, 1.0)])
def test_a_payday_jump_is_a_quarter_more_a_day(after_payday_amt: int, share: float):
    def amount(day: int) -> int:
        return after_payday_amt if date.fromordinal(date(1970, 1, 1).toordinal() + day).day in (10, 11, 12) else 100

    totals = totals_with([purchase(day, amount(day)) for day in DAYS])
    assert spending.payday_share(totals, WORLD) == share


def test_who_buys_too_little_tells_nothing_of_paydays():
    totals = totals_with([purchase(day) for day in DAYS[:39]])
    assert totals["payday_watched_count"].sum() == 0
