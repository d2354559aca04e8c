"""The two walks of a plan, compiled: month by month through its payments, and step by step to its rate."""

from math import exp, log1p
from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["rates_of", "run_off"]


@compiled
def run_off(amount_amt: Any, monthly: Any, factor: Any, term_months: Any) -> Any:
    """The level payment, the last one and all that is paid, each (n_customers, n_terms).

    amount_amt, monthly (n_customers,); factor (n_customers, n_terms): the payment on one unit. The payment is rounded
    up and interest to the minor unit, the half to the even one. Where interest rounded up in many months has outrun
    the rounding of the payment, it becomes one unit more.
    """
    terms = factor.shape[1]
    balance, paid, level = np.empty(terms), np.empty(terms), np.empty(terms)
    payment = np.empty(factor.shape, dtype=np.int64)
    last, total = np.empty_like(payment), np.empty_like(payment)
    for row in range(len(amount_amt)):
        for term in range(terms):
            level[term] = np.ceil(amount_amt[row] * factor[row, term] - 1e-9)
        _walk(amount_amt[row], monthly[row], term_months, level, balance, paid)
        is_outrun = False
        for term in range(terms):
            if balance[term] > level[term]:
                level[term] += 1.0
                is_outrun = True
        if is_outrun:
            _walk(amount_amt[row], monthly[row], term_months, level, balance, paid)
        for term in range(terms):
            payment[row, term] = np.int64(level[term])
            last[row, term] = np.int64(balance[term])
            total[row, term] = np.int64(paid[term] + balance[term])
    return payment, last, total


@compiled
def _walk(amount: int, monthly: float, term_months: Any, level: Any, balance: Any, paid: Any) -> None:
    """The terms of one customer side by side: what is due in the last month of each, and what was paid before it.

    Whole numbers in floats, which hold them to the unit up to 2**53.
    """
    balance[:], paid[:] = amount, 0.0
    for month in range(1, term_months.max() if amount > 0 else 0):
        for term in range(len(level)):
            due = balance[term] + np.rint(balance[term] * monthly)
            part = min(level[term], due)
            # What is paid off leaves no balance, so a plan that is over goes on by paying nothing.
            is_before_last = month < term_months[term]
            balance[term] = due - part if is_before_last else balance[term]
            paid[term] += part if is_before_last else 0.0
    for term in range(len(level)):
        balance[term] += np.rint(balance[term] * monthly)


@compiled
def rates_of(owed: Any, level: Any, final: Any, months: Any, most: int) -> Any:
    """The yearly rate, (n_customers, n_terms), at which `months - 1` level payments and a final one are worth the debt.

    owed (n_customers,); level, final (n_customers, n_terms); months (n_customers or 1, n_terms). Nothing owed bears
    nothing. The value falls and is convex in the rate, so that after one of Newton's steps every other one rises to
    the root. Terms of one customer mostly bear one rate: each begins at that of the one before.
    """
    rates = np.zeros(level.shape)
    for row in range(len(owed)):
        rate, of = -1.0, min(row, len(months) - 1)
        for term in range(level.shape[1] if owed[row] > 0 else 0):
            rate = _rate(owed[row], level[row, term], final[row, term], months[of, term], most, rate)
            rates[row, term] = 12.0 * rate
    return rates


@compiled
def _rate(owed: float, level: float, final: float, count: float, most: int, begin: float) -> float:
    """The same of one plan, from `begin` on where that is above zero."""
    paid = count - 1.0
    cost = max(level * paid + final - owed, 0.0)
    rate = begin if begin > 0.0 else 2.0 * cost / (owed * (count + 1.0))
    for _ in range(most):
        discount = exp(-paid * log1p(rate))
        if rate < 1e-9:
            annuity, annuity_slope = paid, -paid * count / 2.0
        else:
            annuity = (1.0 - discount) / rate
            annuity_slope = (paid * discount / (1.0 + rate) - annuity) / rate
        last = discount / (1.0 + rate)
        value = level * annuity + final * last
        slope = level * annuity_slope - final * count * last / (1.0 + rate)
        better = max(rate - (value - owed) / slope, 0.0) if slope < 0.0 else rate
        # A step doubles the digits: the one after such a small one would change none that a float holds.
        is_there, rate = abs(better - rate) <= 1e-9 * rate, better
        if is_there:
            break
    return rate
