"""What a plan costs a year: the internal rate of return of its payments, and how it is shown."""

import numpy as np

from linewise.decisioning.formulas import rates_up
from linewise.decisioning.plans.kernel import rates_of
from linewise.decisioning.types import Floats, Ints

__all__ = ["annualised_rate", "annuity_factor", "round_rate_up"]

STEPS = 24
"""Newton's steps at most: eight end at the last digit for any plan, and more for rates of thousands."""


def annuity_factor(annual_rate_ratio: float | Floats, term_months: Ints | Floats) -> Floats:
    """The level monthly payment on one unit: i / (1 - (1 + i) ** -n) with i a twelfth of the yearly rate.

    The rate and the terms broadcast to one shape.

    >>> float(round(annuity_factor(0.12, np.array([12]))[0] * 10_000, 1))
    888.5
    """
    monthly, term = np.asarray(annual_rate_ratio, dtype=np.float64) / 12.0, np.asarray(term_months)
    is_free = monthly == 0.0
    rate = np.where(is_free, 1.0, monthly)
    return np.where(is_free, 1.0 / term, rate / -np.expm1(-term * np.log1p(rate)))


def annualised_rate(amount_amt: Ints, payment_amt: Ints, last_amt: Ints, term_months: Ints) -> Floats:
    """Twelve times the monthly internal rate of return of the cash flows, of the shape of the payments.

    payment_amt, last_amt: (n_plans,), or (n_customers, n_terms) with the terms of one amount side by side, whose
    rates help each other; term_months alike, or (n_terms,). The rate i solves amount = sum of payments discounted by
    (1 + i) ** -month. Zero amounts give zero. Known values: 12 x 0.60% flat fee on the original principal gives
    13.03%, 24 x 0.65% gives 14.33%.
    """
    rows = len(payment_amt)
    level, final = payment_amt.reshape(rows, -1), last_amt.reshape(rows, -1)
    owed, months = amount_amt.reshape(rows, -1)[:, 0], term_months.reshape(-1, level.shape[1])
    return np.asarray(rates_of(owed, level, final, months, STEPS)).reshape(payment_amt.shape)


def round_rate_up(rate_ratio: Floats) -> Floats:
    """A displayed rate never understates: rounded up at 0.01%; what the solver cannot tell from it is no excess."""
    return np.asarray(rates_up(rate_ratio))
