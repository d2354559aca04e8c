"""Writing a life down: only what happened and was recorded while the bank's data run."""

from typing import Any

from numba.types import float64, int64, void

from linewise.simulation.lives.compiling import compiled_for
from linewise.simulation.lives.parameters import Surroundings
from linewise.simulation.lives.record import EXPOSURE, HOLDING, OUTCOME, PLAN
from linewise.simulation.lives.state import BOOK, CYCLE, EVENTS, EVENTS_A_LIFE, LINES, SURROUNDINGS, Book, Cycle

__all__ = ["day_second", "note", "put_line", "sorted_events", "sorted_lines"]


@compiled_for(int64, SURROUNDINGS, int64, int64)
def day_second(s: Surroundings, day: int, second: int) -> int:
    """The moment of a second of a local day; its last one where the clocks leave the day too short."""
    return min(s.midnights_s[day - s.base_day] + second, s.midnights_s[day + 1 - s.base_day] - 1)


@compiled_for(int64, BOOK, SURROUNDINGS, *[int64] * 10, float64)
def note(
    book: Book, s: Surroundings, person: int, kind: int, at_s: int, a: int, b: int, c: int, d: int, e: int, f: int,
    g: int, x: float,
) -> int:  # fmt: skip
    """Write an event down; its row, or -1 where it is not delivered."""
    # What was opened before the data begin still stands in the bank's books.
    if at_s >= s.last_s or (at_s < s.first_s and kind != PLAN and kind != HOLDING):
        return -1
    row = book.events_count
    if row >= EVENTS_A_LIFE:
        book.is_full = 1
        return -1
    one = book.events[row]
    one.at_s = at_s
    one.person = person
    one.kind = kind
    one.a = a
    one.b = b
    one.c = c
    one.d = d
    one.e = e
    one.f = f
    one.g = g
    one.x = x
    book.events_count = row + 1
    return int(row)


@compiled_for(int64, BOOK, int64, CYCLE, *[int64] * 11)
def put_line(
    book: Book, count: int, cycle: Cycle, at_s: int, amount: int, account: int, kind: int, is_credit: int,
    group: int, merchant: int, channel: int, country: int, purpose: int, counterparty: int,
) -> int:  # fmt: skip
    """Put a movement of this cycle on the slip; how many there are now. Nothing is put where nothing moves."""
    if amount <= 0 or count >= LINES:
        return count
    one = book.lines[count]
    one.at_s = at_s
    one.amount_amt = amount
    one.balance_amt = 0
    one.original_amt = -1
    one.person = cycle.person
    one.merchant = merchant
    one.counterparty = counterparty
    one.account = account
    one.kind = kind
    one.group = group
    one.channel = channel
    one.country = country
    one.purpose = purpose
    one.is_credit = is_credit
    one.is_declined = 0
    one.late_days = 0
    return count + 1


@compiled_for(void, BOOK, int64)
def sorted_lines(book: Book, count: int) -> None:
    """Put the slip's rows in order of time: book.order then holds them. Equal moments keep their order."""
    for i in range(count):
        at_s, j = book.lines[i].at_s, i
        while j > 0 and book.order[1, j - 1] > at_s:
            book.order[1, j] = book.order[1, j - 1]
            book.order[0, j] = book.order[0, j - 1]
            j -= 1
        book.order[1, j] = at_s
        book.order[0, j] = i


@compiled_for(void, EVENTS, EVENTS, int64[::1], int64[::1])
def sorted_events(lived: Any, timed: Any, order: Any, place: Any) -> None:
    """Put events, (n_events,) by customer as they were lived, into `timed` by customer and moment.

    Answers name the showing by its place among the customer's: as lived in the given events, in order of time
    in the sorted ones. order and place, (n_events,), are used and left behind.
    """
    begin = 0
    while begin < len(lived):
        end = begin
        while end < len(lived) and lived[end].person == lived[begin].person:
            at_s, j = lived[end].at_s, end
            while j > begin and lived[order[j - 1]].at_s > at_s:
                order[j] = order[j - 1]
                j -= 1
            order[j] = end
            end += 1
        shown = 0
        for i in range(begin, end):
            if lived[order[i]].kind == EXPOSURE:
                place[order[i]] = shown
                shown += 1
        shown = 0
        for i in range(begin, end):
            if lived[i].kind == EXPOSURE:
                place[begin + shown] = place[i]
                shown += 1
        for i in range(begin, end):
            timed[i] = lived[order[i]]
            if timed[i].kind == OUTCOME and timed[i].d >= 0:
                timed[i].d = place[begin + timed[i].d]
        begin = end
