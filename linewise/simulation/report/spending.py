"""What is bought when: by month and kind of shop, on festive days, on weekends, after payday."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.calendar import day_of
from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import KINDS
from linewise.simulation.report.sample import Sample
from linewise.simulation.report.sums import Floats, Sums, Totals, ratio
from linewise.simulation.world import World

__all__ = ["by_day", "collect", "festive_multiple", "payday_share", "weekend_multiple"]

_PURCHASE = KINDS.index("purchase")
_CARDS = (1, 2)
_PAYDAY_DAYS = 3
_JUMP = 0.25
_PURCHASES_LEAST = 40
_AROUND_DAYS = 45


def collect(sample: Sample, sums: Sums) -> None:
    """Add purchases by day and kind of shop, and who spends more after payday."""
    calendar = sample.calendar
    days_count = calendar.last_day - calendar.first_day + 1
    groups_count = len(sample.world.profile.merchant_groups)
    postings = sample.lives.postings
    bought = postings[
        (postings["kind"] == _PURCHASE) & (postings["is_declined"] == 0) & np.isin(postings["account"], _CARDS)
        & (postings["group"] >= 0)
    ]  # fmt: skip
    day = _days_of(sample, bought["at_s"])
    person, amount = bought["person"], bought["amount_amt"]
    place = bought["group"] * np.int64(days_count) + day
    size = groups_count * days_count
    sums.add("bought_amt", sample.group[person], amount, at=place, size=size)
    sums.add("bought_count", sample.group[person], at=place, size=size)
    _collect_paydays(sample, sums, day, person, amount)


def _collect_paydays(sample: Sample, sums: Sums, day: Ints, person: Ints, amount: Ints) -> None:
    calendar, people = sample.calendar, sample.people
    days = _days(sample.world).astype("datetime64[D]")
    month_day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    since = month_day[day] - people["payday"][person]
    after = (since >= 0) & (since < _PAYDAY_DAYS)
    n = len(people)
    spent = np.bincount(person, weights=amount, minlength=n)
    spent_after = np.bincount(person, weights=amount * after, minlength=n)
    bought = np.bincount(person, minlength=n)
    since_payday = month_day[:, None] - np.arange(1, 29)
    is_after = (since_payday >= 0) & (since_payday < _PAYDAY_DAYS)
    days_after = is_after.sum(axis=0)[people["payday"] - 1]
    days_else = calendar.last_day - calendar.first_day + 1 - days_after
    # Amounts a day, with and without payday; a customer without purchases on other days does not count.
    daily_else = (spent - spent_after) / days_else
    jumps = spent_after / days_after > (1.0 + _JUMP) * daily_else
    enough = (bought >= _PURCHASES_LEAST) & (daily_else > 0)
    sums.add("payday_watched_count", sample.group, where=enough)
    sums.add("payday_jumped_count", sample.group, where=enough & jumps)


def by_day(totals: Totals, world: World, name: str = "bought_amt") -> Floats:
    """Purchases (n_merchant_groups, n_days) from the first day of the data on; name is that of the sums."""
    return totals[name].reshape(len(world.profile.merchant_groups), -1)


def festive_multiple(
    totals: Totals, world: World, group: str | None, month: int, day: int, days: int, counted: bool = False
) -> float:
    """Purchases a day on so many days from this one of the year, by those of plain days within 45 days of them.

    Plain days are those of no season of the country's calendar. group None is all kinds of shop; counted is
    of purchases, else of amounts.
    """
    shops = by_day(totals, world, "bought_count" if counted else "bought_amt")
    daily = shops.sum(axis=0) if group is None else shops[_group_at(world, group)]
    is_plain = _is_plain(world)
    festive, plain = [], []
    calendar = world.calendar
    for year in range(calendar.month_begin(0).year, calendar.data_until.year + 1):
        begin = day_of(date(year, month, day)) - calendar.first_day
        if begin < 0 or begin + days > len(daily):
            continue
        around = slice(max(begin - _AROUND_DAYS, 0), begin + days + _AROUND_DAYS)
        festive.append(daily[begin : begin + days].mean())
        plain.append(daily[around][is_plain[around]].mean())
    return ratio(festive, plain)


def weekend_multiple(totals: Totals, world: World, group: str) -> float:
    """Amounts bought a day on plain Saturdays and Sundays, by those of plain weekdays."""
    daily = by_day(totals, world)[_group_at(world, group)]
    is_plain, is_weekend = _is_plain(world), _is_weekend(world)
    return ratio(daily[is_plain & is_weekend].mean(), daily[is_plain & ~is_weekend].mean())


def payday_share(totals: Totals, _: World) -> float:
    """Customers who spend a quarter more a day on payday and the two days after than on other days.

    Of those with 40 purchases or more; chance alone lets some cross the line in either direction.
    """
    return ratio(totals["payday_jumped_count"], totals["payday_watched_count"])


def _group_at(world: World, group: str) -> int:
    return [one.name for one in world.profile.merchant_groups].index(group)


def _days(world: World) -> Ints:
    """The days of the data, since 1970, (n_days,)."""
    return np.arange(world.calendar.first_day, world.calendar.last_day + 1)


def _is_weekend(world: World) -> NDArray[np.bool_]:
    # The first day of 1970 was a Thursday.
    return np.asarray((_days(world) + 3) % 7 >= 5, dtype=np.bool_)


def _is_plain(world: World) -> NDArray[np.bool_]:
    """Days that weigh what a weekday or a day of the weekend weighs without a season, (n_days,)."""
    calendar = world.calendar
    begin = calendar.first_day - calendar.base_day
    weights = calendar.day_weights[:, begin : begin + len(_days(world))]
    weekend = np.array(world.profile.weekend)[:, None]
    usual = np.where(_is_weekend(world), weekend, 1.0)
    return np.asarray(np.isclose(weights, usual).all(axis=0), dtype=np.bool_)


def _days_of(sample: Sample, at_s: Ints) -> Ints:
    calendar = sample.calendar
    day = np.searchsorted(calendar.midnights_s, at_s, side="right") - 1 + calendar.base_day
    return np.asarray(day - calendar.first_day, dtype=np.int64)
