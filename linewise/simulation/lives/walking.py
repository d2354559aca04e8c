"""The slip of a cycle walked in order of time: what is booked, what is declined, and what is written down."""

from typing import Any

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import happens, uniform
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.plans import open_plan
from linewise.simulation.lives.spending import ask_for_refund
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["walk_slip"]

_CASH_ADVANCE, _WITHDRAWAL = 2, 3
_CARD_PURPOSE = 7
_PLAN_PURCHASE, _LATE, _LATE_DAYS = 1005, 1009, 1010


@compiled
def walk_slip(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, count: int
) -> tuple[int, int, int, int]:
    """Let the slip happen in order of time; spent, drawn in cash, declined (minor units), purchases made."""
    spend, cash, declined, purchases = 0, 0, 0, 0
    first_s, last_s = s.first_s, s.last_s
    floor = -int(0.4 * who.income_amt)
    for i in range(count):
        line = book.lines[book.order[0, i]]
        amount = line.amount_amt
        if line.account == 0:
            if line.is_credit == 1:
                st.current_amt += amount
            elif (line.kind == _WITHDRAWAL or line.channel == 4) and st.current_amt - amount < 0:
                if line.channel == 4:
                    continue  # a wallet is not filled from an empty account
                line.is_declined = 1
            elif line.purpose != _CARD_PURPOSE and st.current_amt - amount < floor:
                line.is_declined = 1
            else:
                st.current_amt -= amount
            line.balance_amt = st.current_amt
        elif line.account == 3:
            st.owed_amt -= amount
        elif line.is_credit == 1:
            st.owed_amt -= amount
            spend -= amount
        else:
            limit = st.limit_amt if line.at_s >= st.limit_from_s else st.limit_before_amt
            if st.temporary_amt > limit and st.temporary_from_s <= line.at_s < st.temporary_until_s:
                limit = st.temporary_amt
            room = limit - st.owed_amt
            if line.kind == _CASH_ADVANCE:
                room = min(room, int(s.cash_limit_ratio * limit) - st.cash_owed_amt)
            if amount > room:
                line.is_declined = 1
                declined += amount
            else:
                st.owed_amt += amount
                if line.kind == _CASH_ADVANCE:
                    cash += amount
                    st.cash_owed_amt += amount
                else:
                    spend += amount
                    purchases += 1
                    ask_for_refund(st, e, cycle, line, i)
                    may_plan = amount >= 60000 and st.behaviour > 0 and who.cunning == 0
                    if may_plan and happens(e.plan_purchase_ratio, cycle.key, _PLAN_PURCHASE, i):
                        open_plan(st, e, s, book, cycle, 1, amount, line.at_s, i)
        if book.wants_postings == 1 and first_s <= line.at_s < last_s:
            _write(book, line, cycle, i, e)
    return spend, cash, declined, purchases


@compiled
def _write(book: Book, line: Any, cycle: Cycle, index: int, e: Equations) -> None:
    if uniform(cycle.key, _LATE, index) < e.deduction_delay_ratio:
        line.late_days = 1 + int(4.0 * uniform(cycle.key, _LATE_DAYS, index))
    book.postings[book.postings_count] = line
    book.postings_count += 1
