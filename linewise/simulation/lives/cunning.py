"""Those who look like excellent customers and are none: cash-out rings, bust-out, takeover."""

from typing import Any

from linewise.simulation.lives.book import day_second, note, put_line
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import uniform
from linewise.simulation.lives.merchants import merchant_of
from linewise.simulation.lives.parameters import Shops, Surroundings
from linewise.simulation.lives.record import CASE, CONTACT_CHANGE
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["BUST_OUT", "RING", "RINGS_COUNT", "RING_MERCHANTS", "TAKEOVER", "WHOLESALE", "is_gone", "put_cunning"]

RING, BUST_OUT, TAKEOVER = 1, 2, 3
RING_MERCHANTS, RINGS_COUNT = 900_000, 400
"""Merchants with this number and above belong to cash-out rings, one a ring; they pass for wholesale."""
WHOLESALE = 12

_LUXURY, _DEPARTMENT, _ECOMMERCE = 11, 3, 2
_PURCHASE, _CASH_ADVANCE = 0, 2
_POS, _ONLINE, _ATM = 2, 3, 1
_FRAUD = 2
_SIZE, _DAY, _WHERE, _TOLD = range(800, 804)


@compiled
def is_gone(who: Any, cycle: Cycle) -> bool:
    """Whether nothing will be paid any more: after a bust-out, and for the third of a ring that breaks up."""
    if who.cunning == BUST_OUT:
        return bool(cycle.month > who.cunning_month)
    return bool(who.cunning == RING and who.number % 3 == 0 and cycle.month > who.cunning_month + 6)


@compiled
def put_cunning(count: int, who: Any, st: Any, s: Surroundings, shops: Shops, book: Book, cycle: Cycle) -> int:
    """Put the movements of the cunning on the slip of this cycle."""
    room = max(float(st.limit_amt - st.owed_amt), 0.0)
    if who.cunning == RING and cycle.month >= who.cunning_month - 6:
        return _put_ring(count, who, st, s, book, cycle)
    if who.cunning == BUST_OUT and cycle.month == who.cunning_month:
        return _put_burst(count, s, shops, book, cycle, room, 14, 0)
    if who.cunning == TAKEOVER and cycle.month == who.cunning_month:
        at_s = day_second(s, cycle.begin_day + 4, 7200)
        note(book, s, cycle.person, CONTACT_CHANGE, at_s, 0, 0, 0, 0, 0, 0, 0, 0.0)
        note(book, s, cycle.person, CONTACT_CHANGE, at_s + 600, 1, 0, 0, 0, 0, 0, 0, 0.0)
        told_s = at_s + int(86400.0 * (4.0 + 6.0 * uniform(cycle.key, _TOLD, 0)))
        note(book, s, cycle.person, CASE, told_s, _FRAUD, 0, 0, 0, 0, 0, _closed(s, told_s + 30 * 86400), 0.0)
        st.is_informed = 1
        return _put_burst(count, s, shops, book, cycle, room, 3, 5)
    return count


@compiled
def _closed(s: Surroundings, at_s: int) -> int:
    return -1 if at_s > s.data_until_s else at_s


@compiled
def _put_ring(count: int, who: Any, st: Any, s: Surroundings, book: Book, cycle: Cycle) -> int:
    """Round sums at the ring's own merchant just after the bill was paid, most of the limit, every month."""
    merchant = RING_MERCHANTS + who.number % RINGS_COUNT
    part = 0.75 + 0.2 * uniform(cycle.key, _SIZE, 0)
    wanted, many = st.limit_amt * part, 3 + int(3.0 * uniform(cycle.key, _SIZE, 1))
    for k in range(many):
        amount = int(wanted / many / 10000.0) * 10000
        day = min(cycle.due_day + int(6.0 * uniform(cycle.key, _DAY, k)), cycle.end_day - 1)
        at_s = day_second(s, day, 36000 + int(30000.0 * uniform(cycle.key, _DAY, 64 + k)))
        count = put_line(book, count, cycle, at_s, amount, 1, _PURCHASE, 0, WHOLESALE, merchant, _POS, 0, -1, -1)
    return count


@compiled
def _put_burst(
    count: int, s: Surroundings, shops: Shops, book: Book, cycle: Cycle, room: float, days: int, country: int
) -> int:
    """The room left on the card, gone within days."""
    many = 8
    for k in range(many):
        amount = int(room * 0.98 / many)
        day = cycle.begin_day + 5 + int(days * uniform(cycle.key, _DAY, k))
        at_s = day_second(s, day, 40000 + int(40000.0 * uniform(cycle.key, _DAY, 64 + k)))
        where = uniform(cycle.key, _WHERE, k)
        if country == 0 and where < 0.3:
            at_s = day_second(s, day, 43200)
            count = put_line(book, count, cycle, at_s, amount, 1, _CASH_ADVANCE, 0, -1, -1, _ATM, 0, -1, -1)
            continue
        group = _ECOMMERCE if country > 0 else (_LUXURY if where < 0.6 else _DEPARTMENT)
        merchant = merchant_of(shops, group, uniform(cycle.key, _WHERE, 64 + k))
        channel = _ONLINE if country > 0 else _POS
        after = put_line(book, count, cycle, at_s, amount, 1, _PURCHASE, 0, group, merchant, channel, country, -1, -1)
        if country > 0 and after > count:
            book.lines[count].original_amt = int(amount * shops.rates[country])
        count = after
    return count
