"""What a plan costs a year: the internal rate of return of its payments, and how it is shown."""

import numpy as np

from linewise.decisioning.types import Floats, Ints

__all__ = ["annualised_rate", "annuity_factor", "present_value", "round_rate_up"]

STEPS = 24
"""Newton's steps; from the start below, eight end at the last digit for any plan, and more for rates of thousands."""


def annuity_factor(annual_rate_ratio: float | Floats, term_months: Ints) -> Floats:
    """The level monthly payment on one unit: i / (1 - (1 + i) ** -n) with i a twelfth of the yearly rate.

    The rate and the terms broadcast to one shape.

    >>> float(round(annuity_factor(0.12, np.array([12]))[0] * 10_000, 1))
    888.5
    """
    monthly, term = np.broadcast_arrays(np.asarray(annual_rate_ratio, dtype=np.float64) / 12.0, term_months)
    is_free = monthly == 0.0
    rate = np.where(is_free, 1.0, monthly)
    return np.where(is_free, 1.0 / term, rate / -np.expm1(-term * np.log1p(rate)))


def present_value(monthly: Floats, level: Floats, final: Floats, months: Floats) -> tuple[Floats, Floats]:
    """The value today of `months - 1` level payments and a final one, and its slope in the monthly rate."""
    paid = months - 1.0
    tiny = np.abs(monthly) < 1e-9
    rate = np.where(tiny, 1.0, monthly)
    discount = np.exp(-paid * np.log1p(monthly))
    annuity = np.where(tiny, paid, (1.0 - discount) / rate)
    annuity_slope = np.where(
        tiny, -paid * months / 2.0, (paid * discount / (1.0 + monthly) - (1.0 - discount) / rate) / rate
    )
    last = discount / (1.0 + monthly)
    value = level * annuity + final * last
    return value, level * annuity_slope - final * months * last / (1.0 + monthly)


def annualised_rate(amount_amt: Ints, payment_amt: Ints, last_amt: Ints, term_months: Ints) -> Floats:
    """Twelve times the monthly internal rate of return of the cash flows, same shape as the amounts.

    The rate i solves amount = sum of payments discounted by (1 + i) ** -month. Zero amounts give zero.
    Known values: 12 x 0.60% flat fee on the original principal gives 13.03%, 24 x 0.65% gives 14.33%.
    """
    amount, payment, last, term = np.broadcast_arrays(amount_amt, payment_amt, last_amt, term_months)
    owed = np.where(amount > 0, amount, 1).astype(np.float64)
    level, final, months = (column.astype(np.float64) for column in (payment, last, term))
    # The value falls and is convex in the rate, so that after one step every other one rises to the root. All
    # rows take the same number of steps: what a customer is told does not depend on who else is in the chunk.
    cost = np.maximum(level * (months - 1.0) + final - owed, 0.0)
    monthly = 2.0 * cost / (owed * (months + 1.0))
    for _ in range(STEPS):
        value, slope = present_value(monthly, level, final, months)
        step = np.where(slope < 0.0, (value / owed - 1.0) / np.where(slope < 0.0, slope / owed, -1.0), 0.0)
        monthly = np.maximum(monthly - step, 0.0)
    return np.where(amount > 0, 12.0 * monthly, 0.0)


def round_rate_up(rate_ratio: Floats) -> Floats:
    """A displayed rate never understates: rounded up at 0.01%; what the solver cannot tell from it is no excess."""
    return np.asarray(np.ceil(np.round(rate_ratio * 10_000.0, 7)) / 10_000.0)
