"""The current account of those whose salary comes to this bank: income, orders, cash, and what is left."""

import math
from typing import Any

from linewise.simulation.lives.book import day_second, put_line
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.days import day_of_month, second_of_day
from linewise.simulation.lives.dice import happens, normal, poisson, uniform
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["income_of_month", "put_current"]

_DEPOSIT, _TRANSFER_IN, _TRANSFER_OUT, _WITHDRAWAL = 4, 5, 6, 3
_HOUSEHOLD, _INSURANCE, _LEASING, _LOAN, _SALARY, _PENSION, _BENEFIT = range(7)
_BRANCH, _ATM, _APP, _TRANSFER = 0, 1, 4, 5
(
    _MOOD, _JOB, _FOUND, _PARTNER, _ORDER_DAY, _TAKINGS, _TAKINGS_DAY, _CASH, _CASH_SIZE, _CASH_DAY, _WALLET, _BONUS,
    _EXTRA,
) = range(400, 413)  # fmt: skip
_JOB_LOSS_MOST = 0.2
"""Chance a month that is never passed."""
_SPENT_OF_LOAN, _SELLER = 0.9, 7000


@compiled
def income_of_month(who: Any, st: Any, e: Equations, cycle: Cycle) -> float:
    """Net income of the cycle, minor units; a job may be lost or found."""
    if st.is_jobless == 1:
        if happens(e.job_found_rate, cycle.key, _FOUND, 0):
            st.is_jobless = 0
    elif who.employment <= 1:
        draw = uniform(cycle.key, _JOB, 0)
        if draw < _JOB_LOSS_MOST and draw < e.job_loss_rate * math.exp(e.job_loss_by_risk * who.risk):
            st.is_jobless = 1
    st.income_mood = 0.7 * st.income_mood + 0.7 * who.income_spread * normal(cycle.key, _MOOD, 0)
    income = who.income_amt * math.exp(st.income_mood)
    if st.is_jobless == 1:
        income *= e.jobless_income_ratio
    return float(income)


@compiled
def put_current(
    count: int, who: Any, st: Any, s: Surroundings, book: Book, cycle: Cycle, person_key: Any, income_amt: float,
    card_payment_amt: float, loan_amt: int,
) -> int:  # fmt: skip
    """Put the cycle's movements of the current account on the slip, its repayment of the card excepted."""
    key = cycle.key
    pay_day = day_of_month(s, cycle, who.payday)
    count = _put_income(count, who, st, s, book, cycle, pay_day, income_amt)
    orders = 0
    for purpose in range(3):
        amount = who.rent_amt + who.household_amt
        if purpose == _INSURANCE:
            amount = who.insurance_amt
        elif purpose == _LEASING:
            amount = who.leasing_amt
        day = day_of_month(s, cycle, 1 + int(28.0 * uniform(person_key, _ORDER_DAY, purpose)))
        partner = 10000 + int(1000.0 * uniform(person_key, _PARTNER, purpose))
        at_s = day_second(s, day, 21600)
        count = put_line(book, count, cycle, at_s, amount, 0, _TRANSFER_OUT, 0, -1, -1, _TRANSFER, -1, purpose, partner)
        orders += amount
    if who.mortgage_amt > 0:
        at_s = day_second(s, day_of_month(s, cycle, 20), 21600)
        count = put_line(
            book, count, cycle, at_s, who.mortgage_amt, 0, _TRANSFER_OUT, 0, -1, -1, _TRANSFER, -1, _LOAN, 9000
        )
        orders += who.mortgage_amt
    if loan_amt > 0:
        at_s = day_second(s, day_of_month(s, cycle, 15), 72000)
        count = put_line(book, count, cycle, at_s, loan_amt, 0, _TRANSFER_OUT, 0, -1, -1, _TRANSFER, -1, _LOAN, -1)
        orders += loan_amt
    count = _put_loan(count, st, s, book, cycle)
    # What is left is spent from a wallet and in cash, so that the balance is drawn to what one likes to keep.
    spare = income_amt - orders - card_payment_amt + 0.25 * (st.current_amt - who.kept_amt)
    spare = max(spare, 0.08 * income_amt) * math.exp(0.15 * normal(key, _EXTRA, 0))
    cash_times = min(poisson(0.8, key, _CASH, 0), 5)
    for k in range(cash_times):
        amount = int(spare * 0.25 / 10000.0 * (0.5 + uniform(key, _CASH_SIZE, k))) * 10000
        day = cycle.begin_day + int((cycle.end_day - cycle.begin_day) * uniform(key, _CASH_DAY, k))
        at_s = day_second(s, day, second_of_day(key, _CASH_DAY, 64 + k))
        count = put_line(book, count, cycle, at_s, amount, 0, _WITHDRAWAL, 0, -1, -1, _ATM, 0, -1, -1)
    amount = int(spare * (0.9 - 0.2 * cash_times) if cash_times < 4 else 0.1 * spare)
    at_s = day_second(s, min(pay_day + 3, cycle.end_day - 1), 75600)
    return put_line(book, count, cycle, at_s, amount, 0, _TRANSFER_OUT, 0, -1, -1, _APP, -1, -1, 8000)


@compiled
def _put_loan(count: int, st: Any, s: Surroundings, book: Book, cycle: Cycle) -> int:
    """A loan that was agreed on is paid out an hour later; most of it goes to what it was taken for."""
    if st.paid_out_amt == 0:
        return count
    count = put_line(
        book, count, cycle, st.paid_out_s, st.paid_out_amt, 0, _TRANSFER_IN, 1, -1, -1, _TRANSFER, -1, _LOAN, -1
    )
    spent = int(_SPENT_OF_LOAN * st.paid_out_amt / 10000.0) * 10000
    at_s = min(st.paid_out_s + 3 * 86400, day_second(s, cycle.end_day - 1, 85000))
    count = put_line(book, count, cycle, at_s, spent, 0, _TRANSFER_OUT, 0, -1, -1, _TRANSFER, -1, -1, _SELLER)
    st.paid_out_amt = 0
    return count


@compiled
def _put_income(
    count: int, who: Any, st: Any, s: Surroundings, book: Book, cycle: Cycle, pay_day: int, income_amt: float
) -> int:
    key = cycle.key
    if who.employment == 1 and st.is_jobless == 0:
        many = 2 + min(poisson(1.5, key, _TAKINGS, 0), 6)
        for k in range(many):
            amount = int(income_amt / many / 100.0) * 100
            day = cycle.begin_day + int((cycle.end_day - cycle.begin_day) * uniform(key, _TAKINGS_DAY, k))
            is_cash = uniform(key, _TAKINGS, 1 + k) < 0.4
            kind, channel = (_DEPOSIT, _BRANCH) if is_cash else (_TRANSFER_IN, _TRANSFER)
            at_s = day_second(s, day, 34200 + 1800 * k)
            count = put_line(book, count, cycle, at_s, amount, 0, kind, 1, -1, -1, channel, -1, -1, -1)
        return count
    purpose = _SALARY
    if st.is_jobless == 1:
        purpose = _BENEFIT
    elif who.employment == 3:
        purpose = _PENSION
    elif who.employment == 2:
        purpose = -1
    amount = int(income_amt)
    partner = 20000 + int(5000.0 * uniform(key, _PARTNER, 7)) if purpose == -1 else 20000 + who.number % 5000
    at_s = day_second(s, pay_day, 30600)
    return put_line(book, count, cycle, at_s, amount, 0, _TRANSFER_IN, 1, -1, -1, _TRANSFER, -1, purpose, partner)
