"""What the customer would buy on the card in one cycle: counts by kind of shop, days, tickets, places."""

import math
from typing import Any

from linewise.simulation.lives.book import day_second, put_line
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.days import day_by_weight, day_of_month, second_of_day, weight_of
from linewise.simulation.lives.dice import normal, poisson, uniform
from linewise.simulation.lives.merchants import merchant_of
from linewise.simulation.lives.parameters import Equations, Shops, Surroundings
from linewise.simulation.lives.state import REFUNDS_AT_ONCE, Book, Cycle

__all__ = ["ask_for_refund", "put_answer", "put_purchases", "put_refunds", "put_rough_purchases"]

_ECOMMERCE, _DEPARTMENT, _TRAVEL = 2, 3, 9
_PURCHASE, _REFUND, _CASH_ADVANCE = 0, 1, 2
_POS, _ONLINE, _APP, _ATM = 2, 3, 4, 1
_DAYS_A_MONTH = 30.4
_WAVES = 3
_EVERYDAY, _PAYDAY, _TRIP_WAVE = range(_WAVES)
_ABROAD_A_TRIP = 8.0
_BOOKED_AHEAD_DAYS = 14
_CASH_WHEN_JOBLESS = math.exp(0.8)
(
    _COUNT, _DAY, _SECOND, _TICKET, _PLACE, _MERCHANT, _LOYAL, _SUPPLEMENT, _COUNTRY, _REFUND_DRAW, _REFUND_DAY,
    _CASH_COUNT, _CASH_SIZE, _SHOP, _ANSWER,
) = range(300, 315)  # fmt: skip


@compiled
def put_purchases(
    count: int, who: Any, st: Any, e: Equations, s: Surroundings, shops: Shops, book: Book, cycle: Cycle,
    person_key: Any, eagerness: float,
) -> int:  # fmt: skip
    """Put the cycle's wished-for purchases and cash advances on the slip.

    eagerness: of this month beside a plain one, from income, arrears and how full the limit is. One count is
    drawn for all shops, and then the shop of each purchase: as if each kind of shop had its own Poisson count.
    """
    is_late = cycle.month >= s.drift_month
    wanted = who.activity * st.card_lift * eagerness / _DAYS_A_MONTH
    plain, abroad = _lay_out_shops(e, s, shops, book.shop_until, cycle, is_late)
    pay = day_of_month(s, cycle, who.payday)
    trip_end = st.trip_end_day
    for wave in range(_WAVES):
        if wave == _EVERYDAY:
            mean = wanted * plain
        elif wave == _PAYDAY:
            mean = wanted * plain * who.payday_jump * 3.0 / (cycle.end_day - cycle.begin_day)
        else:
            mean = _ABROAD_A_TRIP * abroad if trip_end > 0 and st.behaviour > 0 else 0.0
        if mean <= 0.0:
            continue
        for k in range(poisson(mean, cycle.key, _COUNT, wave)):
            at = wave * 256 + k
            group = _shop(shops, book.shop_until[int(wave == _TRIP_WAVE)], uniform(cycle.key, _SHOP, at))
            if wave == _EVERYDAY:
                day = day_by_weight(s, shops, shops.season[group], cycle, uniform(cycle.key, _DAY, at))
            elif wave == _PAYDAY:
                day = min(pay + int(3.0 * uniform(cycle.key, _DAY, at)), cycle.end_day - 1)
            else:
                day = min(trip_end - int(6.0 * uniform(cycle.key, _DAY, at)), cycle.end_day - 1)
            count = _put_purchase(
                count, who, e, s, shops, book, cycle, person_key, group, at, day, wave == _TRIP_WAVE, is_late
            )
    if trip_end > 0 and st.behaviour > 0:
        day = max(trip_end - _BOOKED_AHEAD_DAYS, cycle.begin_day)
        count = _put_purchase(
            count, who, e, s, shops, book, cycle, person_key, _TRAVEL, _WAVES * 256, day, False, is_late
        )
    return _put_cash(count, who, st, e, s, book, cycle)


@compiled
def _lay_out_shops(
    e: Equations, s: Surroundings, shops: Shops, until: Any, cycle: Cycle, is_late: bool
) -> tuple[float, float]:
    """Fill until, (2, n_groups): what is bought at each kind of shop in this cycle and those before it.

    In the first row at home, in days' worth, in the second abroad; the sums over all shops.
    """
    plain, abroad = 0.0, 0.0
    for group in range(shops.groups_count):
        share = shops.share[group]
        if is_late and group == _ECOMMERCE:
            share *= 1.0 + e.online_shift
        plain += share * weight_of(s, shops, shops.season[group], cycle.begin_day, cycle.end_day)
        abroad += share * shops.abroad[group]
        until[0, group], until[1, group] = plain, abroad
    return plain, abroad


@compiled
def _shop(shops: Shops, until: Any, draw: float) -> int:
    last = shops.groups_count - 1
    wanted, group = draw * until[last], 0
    while group < last and until[group] <= wanted:
        group += 1
    return group


@compiled
def put_rough_purchases(
    count: int, who: Any, st: Any, s: Surroundings, shops: Shops, book: Book, cycle: Cycle, eagerness: float
) -> int:
    """Put a month's shopping on the slip in three equal sums: the warm-up, which nobody will see in detail."""
    wanted = who.activity * st.card_lift * eagerness * (1.0 + 0.1 * who.payday_jump)
    spread = math.exp(0.23 * normal(cycle.key, _TICKET, 0))
    for k in range(3):
        amount = wanted / 3.0 * shops.mean_ticket_amt * who.ticket * spread
        at_s = day_second(s, cycle.begin_day + 5 + 10 * k, 43200)
        count = put_line(book, count, cycle, at_s, int(amount), 1, _PURCHASE, 0, 0, -1, _POS, 0, -1, -1)
    return count


@compiled
def _put_purchase(
    count: int, who: Any, e: Equations, s: Surroundings, shops: Shops, book: Book, cycle: Cycle,
    person_key: Any, group: int, at: int, day: int, is_abroad: bool, is_late: bool,
) -> int:  # fmt: skip
    key = cycle.key
    size = who.ticket * math.exp(shops.log_ticket[group] + shops.spread[group] * normal(key, _TICKET, at))
    # Nobody buys for more than a month's income at once.
    size = min(size, who.income_amt)
    amount = max(int(size), 100)
    if size > 3000.0:
        amount = int(size / 100.0) * 100 if uniform(key, _PLACE, at + 4096) < 0.6 else amount
    place = uniform(key, _PLACE, at)
    online = shops.online[group] * who.online * (1.0 + e.online_shift if is_late else 1.0)
    channel = _POS
    if not is_abroad and place < online:
        channel = _APP if place < 0.5 * online else _ONLINE
    country = 0
    if is_abroad:
        country = 1 + int(9.0 * uniform(key, _COUNTRY, at) ** 1.5)
    account = 1
    if who.has_supplementary == 1 and uniform(key, _SUPPLEMENT, at) < 0.25:
        account = 2
    merchant = _merchant(who, shops, key, person_key, group, at, is_abroad)
    second = second_of_day(key, _SECOND, at)
    after = put_line(
        book, count, cycle, day_second(s, day, second), amount, account, _PURCHASE, 0, group, merchant, channel,
        country, -1, -1)  # fmt: skip
    if is_abroad and after > count:
        book.lines[count].original_amt = int(amount * shops.rates[country])
    return after


@compiled
def _merchant(who: Any, shops: Shops, key: Any, person_key: Any, group: int, at: int, is_abroad: bool) -> int:
    if not is_abroad and uniform(key, _LOYAL, at) < 0.6:
        # Three favourites of one's own in every kind of shop.
        draw = uniform(key, _LOYAL, at + 4096)
        favourite = int(3.0 * draw * math.sqrt(draw))
        rank = uniform(person_key, _MERCHANT, group * 4 + favourite)
    else:
        rank = uniform(key, _MERCHANT, at)
    return int(merchant_of(shops, group, rank))


@compiled
def _put_cash(count: int, who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle) -> int:
    if st.behaviour == 0:
        return count
    rate = e.cash_advance_rate * who.cash_taste
    if st.is_jobless == 1:
        rate *= _CASH_WHEN_JOBLESS
    if st.behaviour == 2:
        rate *= 3.0
    for k in range(min(poisson(min(rate, 3.0), cycle.key, _CASH_COUNT, 0), 4)):
        room = max(float(st.limit_amt - st.owed_amt), 0.0)
        size = min(0.15 * who.income_amt * (0.3 + 1.4 * uniform(cycle.key, _CASH_SIZE, k)), 0.5 * room)
        amount = int(size / 10000.0) * 10000
        day = cycle.begin_day + int((cycle.end_day - cycle.begin_day) * uniform(cycle.key, _CASH_SIZE, 64 + k))
        at_s = day_second(s, day, second_of_day(cycle.key, _CASH_SIZE, 128 + k))
        count = put_line(book, count, cycle, at_s, amount, 1, _CASH_ADVANCE, 0, -1, -1, _ATM, 0, -1, -1)
    return count


@compiled
def put_answer(
    count: int, who: Any, st: Any, s: Surroundings, shops: Shops, book: Book, cycle: Cycle, newly_amt: float
) -> int:
    """Put what a new limit makes the customer buy: one greater purchase a month.

    Who pays in full buys more every month; who carries debt buys for most of what is newly borrowed, and
    borrows the rest by paying less back.
    """
    level = st.answer_fast_amt + st.answer_slow_amt
    size = 0.85 * newly_amt if st.behaviour == 2 else level
    if size < 3000.0:
        return count
    group = _DEPARTMENT if uniform(cycle.key, _ANSWER, 0) < 0.5 else _ECOMMERCE
    season = shops.season[group]
    day = day_by_weight(s, shops, season, cycle, uniform(cycle.key, _ANSWER, 1))
    merchant = merchant_of(shops, group, uniform(cycle.key, _ANSWER, 2))
    channel = _POS if group == _DEPARTMENT else _ONLINE
    at_s = day_second(s, day, second_of_day(cycle.key, _ANSWER, 3))
    return put_line(book, count, cycle, at_s, int(size), 1, _PURCHASE, 0, group, merchant, channel, 0, -1, -1)


@compiled
def ask_for_refund(st: Any, e: Equations, cycle: Cycle, line: Any, index: int) -> None:
    """Some goods go back: the money comes within three weeks, at the same shop."""
    if line.group != _ECOMMERCE and line.group != _DEPARTMENT:
        return
    if uniform(cycle.key, _REFUND_DRAW, index) >= e.refund_ratio:
        return
    for j in range(REFUNDS_AT_ONCE):
        if st.refund_amt[j] == 0:
            part = 1.0 if uniform(cycle.key, _REFUND_DRAW, 2048 + index) < 0.8 else 0.5
            st.refund_amt[j] = int(line.amount_amt * part)
            days = 4 + int(17.0 * uniform(cycle.key, _REFUND_DAY, index))
            st.refund_day[j] = cycle.begin_day + days if days > 15 else cycle.end_day + days
            st.refund_group[j] = line.group
            st.refund_merchant[j] = line.merchant
            return


@compiled
def put_refunds(count: int, st: Any, s: Surroundings, book: Book, cycle: Cycle) -> int:
    """Put the refunds that come in this cycle on the slip."""
    for j in range(REFUNDS_AT_ONCE):
        if st.refund_amt[j] > 0 and st.refund_day[j] < cycle.end_day:
            day = max(st.refund_day[j], cycle.begin_day)
            at_s = day_second(s, day, 36000 + 60 * j)
            group, merchant = st.refund_group[j], st.refund_merchant[j]
            count = put_line(
                book, count, cycle, at_s, st.refund_amt[j], 1, _REFUND, 1, group, merchant, _ONLINE, 0, -1, -1
            )
            st.refund_amt[j] = 0
    return count
