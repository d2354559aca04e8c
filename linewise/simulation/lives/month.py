"""One billing cycle of one customer, from the statement before it to the next."""

import math
from typing import Any

from linewise.simulation.lives.bank_past import behaviour_score, change_limit, review_limit, step_loan
from linewise.simulation.lives.book import day_second, note, put_line, sorted_lines
from linewise.simulation.lives.borrowing import step_answer
from linewise.simulation.lives.closing import close_card, close_current
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.cunning import is_gone, put_cunning
from linewise.simulation.lives.current import income_of_month, put_current
from linewise.simulation.lives.delinquency import LAST_BUCKET, next_bucket, strain
from linewise.simulation.lives.dice import happens, normal, uniform
from linewise.simulation.lives.events import live_events
from linewise.simulation.lives.offers import call_hotline, run_campaigns, take_by_oneself
from linewise.simulation.lives.parameters import Equations, Shops, Surroundings
from linewise.simulation.lives.paying import payment_of
from linewise.simulation.lives.plans import end_plans, in_plans, open_plan
from linewise.simulation.lives.record import CHARGED_OFF, LIMIT_REQUEST
from linewise.simulation.lives.spending import (
    put_answer,
    put_purchases,
    put_refunds,
    put_rough_purchases,
)
from linewise.simulation.lives.state import Book, Cycle
from linewise.simulation.lives.walking import walk_slip

__all__ = ["live_month"]

_CASH_ADVANCE, _TRANSFER_OUT = 2, 6
_CARD_PURPOSE, _TRANSFER = 7, 5
_RING = 1
_ART70, _CASH = 5, 4
_SETTLED = 1
# Before this month nothing is delivered: movements are lived in rough sums, the debts as ever.
_DETAILED_FROM = -1
_SWITCH, _SETTLE, _WANTED, _PAY_DAY, _PAY_SECOND = range(1000, 1005)
_PLAN_STATEMENT, _RACE = 1006, 1007
_SOURCE, _CLOSE, _HARDSHIP = range(1011, 1014)
_CASH_PLAN, _SLEEPS = 1015, 1016


@compiled
def live_month(
    who: Any, st: Any, month: Any, before: Any, has_before: bool, e: Equations, s: Surroundings, shops: Shops,
    book: Book, cycle: Cycle, person_key: Any, limit_factor: float, shown_offer: int, shown_channel: int,
    card_months: int,
) -> None:  # fmt: skip
    """Live one cycle and write down its month; paid and overdue are filled in for the month before it.

    limit_factor: of the limit at the beginning of the cycle in place of the bank's own review, NaN for none.
    shown_offer, shown_channel: of the cycle's campaign, as run_campaigns takes them.
    """
    income = income_of_month(who, st, e, cycle)
    month.income_amt = int(income)
    month.is_jobless = st.is_jobless
    month.days_past_due = -1
    month.paid_amt = -1
    card_is_open = card_months >= 0 and st.bucket != CHARGED_OFF and st.is_closed == 0
    if st.temporary_until_s > 0 and st.temporary_until_s < day_second(s, cycle.begin_day, 0):
        st.temporary_amt, st.temporary_until_s = 0, 0
    score = behaviour_score(who, st)
    if card_is_open:
        _turn_to_limit(who, st, e, s, book, cycle, score, card_months, limit_factor)
        card_is_open = not _closes(st, cycle)
    live_events(who, st, s, book, cycle)
    st.shown_recently *= 0.5
    call_hotline(who, st, e, s, book, cycle, score, card_is_open)
    if st.bucket != CHARGED_OFF:
        run_campaigns(who, st, e, s, book, cycle, shown_offer, shown_channel)
        take_by_oneself(who, st, e, s, book, cycle)
    pressure = strain(who, st, e, income)
    loan_amt = step_loan(who, st, e, s, book, cycle, pressure)
    count, paid, bucket, newly = 0, 0, st.bucket, 0.0
    if card_is_open:
        _turn_habit(who, st, e, cycle)
        newly = step_answer(st, e)
        bucket = _bucket_after(who, st, e, s, cycle, pressure)
        paid = _payment(who, st, e, s, book, cycle, bucket, card_months)
        count = _put_card(who, st, e, s, shops, book, cycle, person_key, bucket, paid, newly)
    if who.has_payroll == 1 and cycle.month >= _DETAILED_FROM:
        from_here = paid if who.cunning != _RING else 0
        count = put_current(count, who, st, s, book, cycle, person_key, income, from_here, loan_amt)
        if from_here > 0:
            at_s = _pay_second(who, s, cycle, bucket)
            count = put_line(
                book, count, cycle, at_s, paid, 0, _TRANSFER_OUT, 0, -1, -1, _TRANSFER, -1, _CARD_PURPOSE, -1
            )
    sorted_lines(book, count)
    spend, cash, declined, purchases = walk_slip(who, st, e, s, book, cycle, count)
    close_current(who, st, s, book, cycle)
    if not card_is_open:
        month.is_open = 1 if st.bucket == CHARGED_OFF else 0
        month.bucket = st.bucket
        return
    close_card(who, st, month, e, s, book, cycle, bucket, paid, spend, cash, declined, purchases, score)
    if has_before and before.is_open == 1:
        before.paid_amt = paid
        before.days_past_due = _days_past_due(st)


@compiled
def _days_past_due(st: Any) -> int:
    if st.bucket == 0:
        return 0
    bucket = LAST_BUCKET if st.bucket == CHARGED_OFF else st.bucket
    return int((bucket - 1 + st.last_bucket_months) * 30 + 1)


@compiled
def _turn_to_limit(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, score: float, card_months: int,
    limit_factor: float,
) -> None:  # fmt: skip
    st.raise_months += 1
    st.ask_months += 1
    st.arrears_months += 1
    if math.isnan(limit_factor):
        review_limit(who, st, e, s, book, cycle, score, card_months)
    elif limit_factor != 1.0:
        at_s = day_second(s, cycle.begin_day + 1, 36000)
        change_limit(who, st, e, s, book, cycle, st.limit_amt * limit_factor, at_s, 1, 0, math.nan)


@compiled
def _closes(st: Any, cycle: Cycle) -> bool:
    """Some give back a card that they have not used for a year."""
    if st.idle_months >= 12 and st.owed_amt == 0 and happens(0.004, cycle.key, _CLOSE, 0):
        st.is_closed = 1
    return bool(st.is_closed == 1)


@compiled
def _turn_habit(who: Any, st: Any, e: Equations, cycle: Cycle) -> None:
    """Whether this month is one of paying in full or of carrying debt; habits last for years."""
    st.wanted = e.wanted_memory * st.wanted + e.wanted_shock * normal(cycle.key, _WANTED, 0)
    if who.habit == 3:
        if st.behaviour == 0 or happens(e.switch_rate, cycle.key, _SWITCH, 0):
            st.behaviour = 2 if st.behaviour != 2 else 1
    elif who.habit == 0:
        st.behaviour = 0
    else:
        usual = 2 if who.habit == 2 else 1
        if st.behaviour == usual:
            if happens(e.settle_rate, cycle.key, _SETTLE, 0):
                st.behaviour = 3 - usual
        elif happens(0.3, cycle.key, _SETTLE, 0):
            st.behaviour = usual


@compiled
def _bucket_after(who: Any, st: Any, e: Equations, s: Surroundings, cycle: Cycle, pressure: float) -> int:
    if st.statement_amt <= 0 or st.minimum_amt <= 0:
        return 0 if st.bucket < LAST_BUCKET else int(st.bucket)
    if st.bucket < LAST_BUCKET and is_gone(who, cycle):
        return int(st.bucket + 1)
    return next_bucket(cycle.key, who, st, e, s, pressure)


@compiled
def _payment(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, bucket: int, card_months: int
) -> int:
    """What is paid in this cycle; at times part of the statement is put into instalments first."""
    if card_months <= 0 or is_gone(who, cycle):
        return 0
    if 2 <= bucket <= 4 and st.is_blocked == 0 and happens(e.hardship_rate, cycle.key, _HARDSHIP, 0):
        return _agree_in_hardship(st, e, s, book, cycle)
    _draw_in_instalments(who, st, e, s, book, cycle)
    asks = (st.cards >> 8) & 1 == 1
    st.cards &= ~(1 << 8)
    billed = st.statement_amt - in_plans(st)
    may_plan = st.bucket == 0 and bucket == 0 and st.behaviour == 2 and billed > 200000
    if may_plan and (asks or _wishes(e.plan_statement_rate, who, uniform(cycle.key, _PLAN_STATEMENT, 0))):
        part = int(0.6 * billed / 10000.0) * 10000
        kind = 2 if uniform(cycle.key, _PLAN_STATEMENT, 1) < 0.7 else 3
        at_s = day_second(s, cycle.begin_day + 6, 45000)
        open_plan(st, e, s, book, cycle, kind, part, at_s, 900)
    return payment_of(who, st, e, s, cycle, bucket)


@compiled
def _wishes(usual_rate: float, who: Any, draw: float) -> bool:
    """Whether instalments are wished for this month: by the impatient more, by nobody in more than one of ten."""
    return bool(draw < 0.1 and draw < usual_rate * math.exp(0.3 * who.impatience))


@compiled
def _agree_in_hardship(st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle) -> int:
    """All that is owed goes into one plan of three to five years, and nothing is overdue any more."""
    at_s = day_second(s, cycle.due_day - 1, 40000)
    end_plans(st, s, book, at_s, _SETTLED)
    open_plan(st, e, s, book, cycle, _ART70, st.owed_amt, at_s, 901)
    st.is_blocked = 1
    st.agreed = 1
    return 0


@compiled
def _draw_in_instalments(who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle) -> None:
    """Cash from the card, repaid in parts: a few ask for it, within the cash line."""
    room = min(float(st.limit_amt - st.owed_amt), s.cash_limit_ratio * st.limit_amt - st.cash_owed_amt)
    if st.behaviour != 2 or st.bucket > 0 or room < 300000.0:
        return
    if not _wishes(0.004, who, uniform(cycle.key, _CASH_PLAN, 0)):
        return
    amount = int(room * (0.3 + 0.6 * uniform(cycle.key, _CASH_PLAN, 1)) / 100000.0) * 100000
    at_s = day_second(s, cycle.begin_day + 7, 45000)
    if amount > 0 and open_plan(st, e, s, book, cycle, _CASH, amount, at_s, 902):
        st.owed_amt += amount
        note(book, s, cycle.person, LIMIT_REQUEST, at_s - 60, 4, amount, amount, amount, 0, -1, 0, 0.0)


@compiled
def _pay_second(who: Any, s: Surroundings, cycle: Cycle, bucket: int) -> int:
    day = cycle.due_day
    if who.pays_by_order == 0:
        day = cycle.due_day - int(9.0 * uniform(cycle.key, _PAY_DAY, 0) ** 2)
    if bucket > 0:
        day = min(cycle.due_day + 4, cycle.end_day - 1)
    return day_second(s, day, 30000 + int(40000.0 * uniform(cycle.key, _PAY_SECOND, 0)))


@compiled
def _put_card(
    who: Any, st: Any, e: Equations, s: Surroundings, shops: Shops, book: Book, cycle: Cycle, person_key: Any,
    bucket: int, paid: int, newly: float,
) -> int:  # fmt: skip
    """Put the repayment, what is wished for, refunds, and the tricks of the cunning on the slip."""
    count = 0
    if paid > 0:
        source = 1 if who.cunning == _RING or uniform(cycle.key, _SOURCE, 0) < 0.02 else 0
        count = put_line(
            book, count, cycle, _pay_second(who, s, cycle, bucket), paid, 3, source, 1, -1, -1, -1, -1, -1, -1
        )
    if st.bucket < 2 and st.is_informed == 0 and st.is_blocked == 0:
        eagerness = 1.0
        if st.behaviour == 0:
            # Most of those who do not use the card do not use it at all.
            eagerness = 0.02 if uniform(person_key, _SLEEPS, 0) < 0.15 else 0.0
        if st.is_jobless == 1:
            eagerness *= 0.75
        if st.bucket == 1:
            eagerness *= 0.7
        if cycle.month < _DETAILED_FROM:
            count = put_rough_purchases(count, who, st, s, shops, book, cycle, eagerness)
        elif not is_gone(who, cycle):
            count = put_purchases(count, who, st, e, s, shops, book, cycle, person_key, eagerness)
            if st.behaviour > 0:
                count = put_answer(count, who, st, s, shops, book, cycle, newly)
        if bucket > st.bucket and who.cunning == 0 and st.behaviour > 0 and happens(e.race_ratio, cycle.key, _RACE, 0):
            # The race to default: who will not pay draws what can still be drawn.
            room = max(float(st.limit_amt - st.owed_amt), 0.0) * uniform(cycle.key, _RACE, 1)
            at_s = day_second(s, cycle.begin_day + 8, 50000)
            count = put_line(
                book, count, cycle, at_s, int(room / 10000.0) * 10000, 1, _CASH_ADVANCE, 0, -1, -1, 1, 0, -1, -1
            )
        if who.cunning > 0:
            count = put_cunning(count, who, st, s, shops, book, cycle)
    return put_refunds(count, st, s, book, cycle)
