"""The two walks of a plan, compiled: month by month through its payments, and step by step to its rate."""

from math import exp, log1p
from typing import Any

import numpy as np
from numba import njit

__all__ = ["rates_of", "run_off"]


@njit(nogil=True, cache=True)
def run_off(amount_amt: Any, payment_amt: Any, monthly: Any, term_months: Any, last: Any, total: Any) -> None:
    """Fill the last payment and all that is paid, (n_customers, n_terms), when each month is paid by the payment.

    amount_amt, monthly (n_customers,); interest is rounded to the minor unit, the half to the even one.
    """
    for row in range(payment_amt.shape[0]):
        for term in range(payment_amt.shape[1]):
            balance, paid, payment = amount_amt[row], 0, payment_amt[row, term]
            for _ in range(term_months[term] - 1):
                due = balance + np.int64(np.rint(balance * monthly[row]))
                part = min(payment, due)
                # What is paid off leaves no balance, so a plan that is over goes on by paying nothing.
                balance = due - part
                paid += part
            final = balance + np.int64(np.rint(balance * monthly[row]))
            last[row, term] = final
            total[row, term] = paid + final


@njit(nogil=True, cache=True)
def rates_of(owed: Any, level: Any, final: Any, months: Any, most: int, rates: Any) -> None:
    """Fill the monthly rate at which `months - 1` level payments and a final one are worth what is owed, (n,).

    The value falls and is convex in the rate, so that after one of Newton's steps every other one rises to the root.
    """
    for at in range(len(owed)):
        paid, count = months[at] - 1.0, months[at]
        cost = max(level[at] * paid + final[at] - owed[at], 0.0)
        rate = 2.0 * cost / (owed[at] * (count + 1.0))
        for _ in range(most):
            discount = exp(-paid * log1p(rate))
            if rate < 1e-9:
                annuity, annuity_slope = paid, -paid * count / 2.0
            else:
                annuity = (1.0 - discount) / rate
                annuity_slope = (paid * discount / (1.0 + rate) - annuity) / rate
            last = discount / (1.0 + rate)
            value = level[at] * annuity + final[at] * last
            slope = level[at] * annuity_slope - final[at] * count * last / (1.0 + rate)
            better = max(rate - (value - owed[at]) / slope, 0.0) if slope < 0.0 else rate
            is_there, rate = better == rate, better
            if is_there:
                break
        rates[at] = rate
