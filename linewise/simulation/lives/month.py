"""One billing cycle of one customer, from the statement before it to the next."""

import math
from typing import Any

from linewise.simulation.lives.bank_past import behaviour_score, change_limit, review_limit, step_loan
from linewise.simulation.lives.book import day_second, note, put_line, sorted_lines
from linewise.simulation.lives.borrowing import step_answer
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.cunning import is_gone, put_cunning
from linewise.simulation.lives.current import income_of_month, put_current
from linewise.simulation.lives.delinquency import LAST_BUCKET, next_bucket, strain
from linewise.simulation.lives.dice import happens, normal, uniform
from linewise.simulation.lives.events import live_events
from linewise.simulation.lives.offers import call_hotline, run_campaigns, take_by_oneself
from linewise.simulation.lives.parameters import Equations, Shops, Surroundings
from linewise.simulation.lives.paying import payment_of
from linewise.simulation.lives.plans import billed_parts, end_plans, in_plans, open_plan
from linewise.simulation.lives.record import CASE, CHARGED_OFF, LIMIT_REQUEST
from linewise.simulation.lives.spending import (
    ask_for_refund,
    put_answer,
    put_purchases,
    put_refunds,
    put_rough_purchases,
)
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["live_month"]

_PURCHASE, _REFUND, _CASH_ADVANCE = 0, 1, 2
_FEE, _INTEREST, _PENALTY, _TRANSFER_OUT, _WITHDRAWAL = 7, 8, 9, 6, 3
_CARD_PURPOSE, _TRANSFER = 7, 5
_TAKEOVER = 3
_RING = 1
_COLLECTIONS, _ART70, _CASH = 5, 5, 4
_RISK = 4
_SETTLED, _DEFAULTED = 1, 3
_NO_INTEREST_FROM = 4
# More than 90 days overdue, a debt bears no interest in the books any more.
_DETAILED_FROM = -1
# Before this month nothing is delivered: movements are lived in rough sums, the debts as ever.
(
    _SWITCH, _SETTLE, _WANTED, _PAY_DAY, _PAY_SECOND, _PLAN_PURCHASE, _PLAN_STATEMENT, _RACE, _WRITE_OFF, _LATE,
    _LATE_DAYS, _SOURCE, _CLOSE, _HARDSHIP, _CUT, _CASH_PLAN,
    _SLEEPS,
) = range(1000, 1017)  # fmt: skip


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
    spend, cash, declined, purchases = _walk(who, st, e, s, book, cycle, count)
    _close_current(who, st, s, book, cycle)
    if not card_is_open:
        month.is_open = 1 if st.bucket == CHARGED_OFF else 0
        month.bucket = st.bucket
        return
    _close_card(who, st, month, e, s, book, cycle, bucket, paid, spend, cash, declined, purchases, score)
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


@compiled
def _walk(
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


@compiled
def _close_current(who: Any, st: Any, s: Surroundings, book: Book, cycle: Cycle) -> None:
    """Charge for an overdraft at the end of the cycle."""
    if who.has_payroll == 0 or st.current_amt >= 0:
        return
    charge = int(-st.current_amt * 0.0005 * 10)
    st.current_amt -= charge
    _charge(book, s, cycle, charge, 0, _PENALTY, st.current_amt)


@compiled
def _charge(book: Book, s: Surroundings, cycle: Cycle, amount: int, account: int, kind: int, balance: int) -> None:
    at_s = day_second(s, cycle.end_day - 1, 86000)
    first_s, last_s = s.first_s, s.last_s
    if amount <= 0 or book.wants_postings == 0 or not first_s <= at_s < last_s:
        return
    if put_line(book, 0, cycle, at_s, amount, account, kind, 0, -1, -1, -1, -1, -1, -1) == 1:
        book.lines[0].balance_amt = balance
        book.postings[book.postings_count] = book.lines[0]
        book.postings_count += 1


@compiled
def _close_card(
    who: Any, st: Any, month: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, bucket: int, paid: int,
    spend: int, cash: int, declined: int, purchases: int, score: float,
) -> None:  # fmt: skip
    """Interest, fees, the statement, and the month as it is remembered."""
    overdue = 0.0
    if st.agreed == 1:
        overdue = 0.0
    elif bucket > 0 and bucket >= st.bucket:
        overdue = max(float(st.minimum_amt - paid), 0.0)
    elif bucket > 0:
        overdue = float(st.minimum_amt) * bucket / (st.bucket + 1.0)
    late_fee = 0
    if bucket > st.bucket and st.bucket < 3:
        late_fee = int(max(e.late_fee_ratio * max(float(st.minimum_amt - paid), 0.0), e.late_fee_floor_amt))
    billed_before = max(st.statement_amt - in_plans(st), 0)
    carried = max(billed_before - paid, 0)
    interest = 0.0
    if carried > 1000 and bucket < _NO_INTEREST_FROM:
        interest = e.daily_interest_ratio * (30.0 * carried + 15.0 * max(spend, 0))
    interest += e.daily_interest_ratio * 15.0 * cash
    part, plan_fee = billed_parts(st, s, book, cycle, day_second(s, cycle.end_day, 0))
    fee = late_fee + plan_fee + int(e.cash_fee_ratio * cash)
    st.owed_amt += int(interest) + fee
    _charge(book, s, cycle, int(interest), 1, _INTEREST, 0)
    _charge(book, s, cycle, fee, 1, _FEE, 0)
    if st.is_informed == 1:
        _make_good(st)
    lost = _write_off(who, st, e, s, book, cycle, bucket)
    st.cash_owed_amt = max(int(0.8 * (st.cash_owed_amt - 0.1 * paid)), 0)
    planned = in_plans(st)
    owed = st.owed_amt
    free = max(float(owed - planned - overdue), 0.0)
    minimum = 0.0
    if owed > 0:
        minimum = min(max(s.minimum_ratio * free + overdue + part, s.minimum_floor_amt), float(owed))
    _remember(who, st, bucket, owed, spend, purchases)
    month.is_open = 1
    month.behaviour = st.behaviour
    month.bucket = st.bucket
    month.purchases_count = purchases
    month.limit_amt = st.limit_amt
    month.balance_amt = owed
    month.minimum_amt = int(minimum)
    month.plan_amt = planned
    month.spend_amt = spend
    month.cash_amt = cash
    month.declined_amt = declined
    month.interest_amt = int(interest)
    month.fee_amt = fee
    month.charged_off_amt = lost
    month.score = score
    month.profit_amt = (
        interest
        + fee
        + (e.interchange_ratio - e.rewards_ratio) * spend
        - (e.funding_rate + e.capital_cost_rate) * max(owed, 0) / 12.0
        - e.operating_cost_amt
        - e.loss_given_default * lost
    )
    st.statement_amt = owed
    st.minimum_amt = int(minimum)


@compiled
def _make_good(st: Any) -> None:
    """After a takeover was told, the bank takes the loss and issues a new card."""
    st.owed_amt = min(st.owed_amt, int(0.1 * st.limit_amt))
    st.is_informed = 0


@compiled
def _write_off(who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, bucket: int) -> int:
    """Move to the new bucket; what is written off, minor units."""
    if bucket == 3 and st.bucket == 2:
        at_s = day_second(s, cycle.due_day + 2, 36000)
        note(book, s, cycle.person, CASE, at_s, _COLLECTIONS, 0, 0, 0, 0, 0, -1, 0.0)
        if happens(0.4, cycle.key, _CUT, 0) and st.owed_amt > 0:
            cut_to = max(min(float(st.owed_amt), 0.7 * st.limit_amt), s.limit_least_amt)
            change_limit(who, st, e, s, book, cycle, cut_to, at_s, 1, _RISK, math.nan)
    if bucket > 0:
        st.arrears_months = 0
    if st.agreed == 1:
        # A new agreement: what was overdue is part of it.
        bucket, st.agreed = 0, 0
    is_still_last = bucket >= LAST_BUCKET and st.bucket >= LAST_BUCKET
    st.last_bucket_months = st.last_bucket_months + 1 if is_still_last else 0
    st.bucket = bucket
    if bucket >= LAST_BUCKET and happens(e.write_off_rate, cycle.key, _WRITE_OFF, 0):
        lost = max(st.owed_amt, 0)
        end_plans(st, s, book, day_second(s, cycle.end_day - 1, 80000), _DEFAULTED)
        st.owed_amt = 0
        st.bucket = CHARGED_OFF
        return int(lost)
    return 0


@compiled
def _remember(who: Any, st: Any, bucket: int, owed: int, spend: int, purchases: int) -> None:
    used = max(float(owed), 0.0) / max(float(st.limit_amt), 1.0)
    st.utilisation = 0.75 * st.utilisation + 0.25 * used
    st.spend_mean_amt = 0.7 * st.spend_mean_amt + 0.3 * max(float(spend), 0.0)
    st.spend_before_amt = 0.9 * st.spend_before_amt + 0.1 * max(float(spend), 0.0)
    st.idle_months = 0 if purchases > 0 else st.idle_months + 1
    if st.hardship_months < 99:
        st.hardship_months += 1
