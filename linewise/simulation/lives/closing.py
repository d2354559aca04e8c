"""The end of a cycle: interest, fees, the statement, what is written off, and the month as it is remembered."""

import math
from typing import Any

from linewise.simulation.lives.bank_past import change_limit
from linewise.simulation.lives.book import day_second, note, put_line
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.delinquency import LAST_BUCKET
from linewise.simulation.lives.dice import happens
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.plans import billed_parts, end_plans, in_plans
from linewise.simulation.lives.record import CASE, CHARGED_OFF
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["close_card", "close_current"]

_FEE, _INTEREST, _PENALTY = 7, 8, 9
_COLLECTIONS = 5
_RISK = 4
_DEFAULTED = 3
# More than 90 days overdue, a debt bears no interest in the books any more.
_NO_INTEREST_FROM = 4
_WRITE_OFF, _CUT = 1008, 1014


@compiled
def close_current(who: Any, st: Any, s: Surroundings, book: Book, cycle: Cycle) -> None:
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
def close_card(
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
