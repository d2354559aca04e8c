"""What comes in: wages, pensions, the takings of the self-employed, a bonus, and months without work."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Chance, Ints
from linewise.simulation.days import HOUR_US, Month, is_weekend, local_us
from linewise.simulation.events import CATEGORIES, Events, joined, new_events
from linewise.simulation.loans import Loans, due_day
from linewise.simulation.people import People

__all__ = ["income_events"]

_LONGEST_WITHOUT_WORK_MONTHS = 4
_HIGHEST_TAKINGS = 4
_YEARLY_GROWTH = 0.04
_SALARY, _PENSION = CATEGORIES.index("salary"), CATEGORIES.index("pension")


def income_events(people: People, loans: Loans, month: Month, rows: Ints, chance: Chance) -> Events:
    """The month's income of the customers in those rows."""
    number = people.number[rows]
    works = ~is_out_of_work(people, loans, month, rows, chance)
    spread = 0.02 + 0.25 * (1 - people.steadiness[rows])
    noise = np.exp(spread * chance.normal("wage", number, month.index))
    amount = people.income_amt[rows] * (1 + _YEARLY_GROWTH * month.index / 12) * noise * works
    is_self_employed = people.is_self_employed[rows]
    wage = np.where(is_self_employed, 0, np.rint(amount)).astype(np.int64)
    payday = month.first_day + people.payday[rows] - 1
    at_us = local_us(np.where(is_weekend(payday), payday - (payday + 3) % 7 + 4, payday), 9.5)
    # A student lives on what the parents send: an income, and no salary.
    category = np.select([people.is_student[rows], people.is_pensioner[rows]], [-1, _PENSION], _SALARY)
    employer = chance.between(0, 4_999, "employer", number)
    parts = [new_events(rows, at_us, wage, "transfer_in", category=category, is_credit=True, counterparty=employer)]
    if month.number == 1:
        bonus = amount * 1.5 * people.steadiness[rows] * chance.happens(0.6, "bonus", number)
        bonus = np.where(is_self_employed | people.is_pensioner[rows] | people.is_student[rows], 0, np.rint(bonus))
        parts.append(new_events(rows, at_us + HOUR_US, bonus, "transfer_in", category="salary", is_credit=True))
    parts += _takings(amount * is_self_employed, month, rows, number, chance)
    return joined(parts)


def is_out_of_work(people: People, loans: Loans, month: Month, rows: Ints, chance: Chance) -> NDArray[np.bool_]:
    """Who earns nothing in that month, (n_rows,): a lost job lasts one to four months.

    Behind many a default stands a lost job, so defaulting makes one likely in the same month.
    """
    number = people.number[rows]
    hazard = 0.004 + 0.015 * (1 - people.steadiness[rows])
    out = np.zeros(len(rows), dtype=np.bool_)
    for back in range(_LONGEST_WITHOUT_WORK_MONTHS):
        # Ten keeps the index of months before the first one above zero.
        index = month.index - back + 10
        is_lost = chance.happens(hazard, "job lost", number, index)
        out |= is_lost & (chance.between(1, _LONGEST_WITHOUT_WORK_MONTHS, "months out", number, index) > back)
    missed_day = due_day(loans.opened_day[rows], loans.first_missed[rows])
    months_after = (month.first_day - missed_day) // 30
    by_default = (loans.first_missed[rows] > 0) & (months_after >= -1) & (months_after <= 1)
    out |= by_default & chance.happens(0.6, "job behind default", number)
    return out & ~people.is_pensioner[rows]


def _takings(amount: NDArray[np.floating[Any]], month: Month, rows: Ints, number: Ints, chance: Chance) -> list[Events]:
    """One to four receipts a month, one in four of them in cash."""
    count = chance.between(1, _HIGHEST_TAKINGS, "takings", number, month.index)
    parts = []
    for k in range(_HIGHEST_TAKINGS):
        index = month.index * 10 + k
        share = np.where(k < count, amount / count, 0)
        receipt = np.rint(share * (0.6 + 0.8 * chance.uniform("receipt", number, index)) / 100).astype(np.int64) * 100
        day = month.first_day + chance.between(0, 27, "receipt day", number, index)
        in_cash = chance.happens(0.25, "in cash", number, index)
        at_us = local_us(day, 10 + 8 * chance.uniform("receipt hour", number, index))
        parts += [
            new_events(
                rows, at_us, np.where(in_cash, receipt, 0), "cash_deposit", is_credit=True, channel="branch"
            ),
            new_events(
                rows, at_us, np.where(in_cash, 0, receipt), "transfer_in", is_credit=True, channel="app",
                counterparty=5_000 + chance.between(0, 4_999, "client", number, index),
            ),
        ]  # fmt: skip
    return parts
