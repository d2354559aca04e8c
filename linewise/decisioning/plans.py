"""Repayment plans to the cent: level payments on the reducing balance, total cost, annualised rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from dateutil.relativedelta import relativedelta
from scipy.optimize import newton

from linewise.decisioning.rule import Hits
from linewise.decisioning.types import Bools, Floats, Ints, PlanDecisions

__all__ = [
    "Instalment",
    "PlanPolicy",
    "PricedTerms",
    "affordable_amount",
    "annualised_rate",
    "annuity_factor",
    "level_plans",
    "offer_plans",
    "priced_terms",
    "round_rate_up",
    "schedule_of",
]


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    """What terms are on offer, at which yearly nominal rate, and how many a screen shows."""

    term_months: tuple[int, ...]
    reference_term_months: int
    annual_rate_ratio: float
    shown_count: int


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of a schedule, minor units."""

    number: int
    due_on: date
    payment_amt: int
    interest_amt: int
    principal_amt: int
    remaining_amt: int


def annuity_factor(annual_rate_ratio: float, term_months: Ints) -> Floats:
    """The level monthly payment on one unit: i / (1 - (1 + i) ** -n) with i a twelfth of the yearly rate.

    >>> float(round(annuity_factor(0.12, np.array([12]))[0] * 10_000, 1))
    888.5
    """
    monthly = annual_rate_ratio / 12.0
    if monthly == 0.0:
        return np.asarray(1.0 / term_months)
    return np.asarray(monthly / -np.expm1(-term_months * np.log1p(monthly)))


def affordable_amount(budget_amt: Ints, annual_rate_ratio: float, term_months: int) -> Ints:
    """The largest amount whose level payment surely stays within the budget, (n_customers,).

    One minor unit of the budget is kept back for the rounding of `level_plans`, and a hair of the
    quotient, so that floating point never lets a payment pass the budget.
    """
    factor = annuity_factor(annual_rate_ratio, np.array([term_months]))[0]
    spendable = np.maximum(budget_amt - 1, 0)
    return np.asarray(np.floor(spendable / factor * (1.0 - 1e-12)), dtype=np.int64)


def _run_off(amount_amt: Ints, payment_amt: Ints, monthly: float, term_months: Ints) -> tuple[Ints, Ints]:
    """Last payment and total paid, (n_customers, n_terms), when the level payment is paid month by month."""
    balance = np.repeat(amount_amt[:, None], len(term_months), axis=1)
    total, last = np.zeros_like(balance), np.zeros_like(balance)
    for month in range(1, int(term_months.max(initial=0)) + 1):
        due = balance + np.rint(balance * monthly).astype(np.int64)
        is_last = term_months == month
        paid = np.minimum(payment_amt, due)
        if is_last.any():
            paid[:, is_last] = last[:, is_last] = due[:, is_last]
        # What is paid off leaves no balance, so a plan that is over goes on by paying nothing.
        balance = due - paid
        total += paid
    return last, total


def level_plans(amount_amt: Ints, annual_rate_ratio: float, term_months: Ints) -> tuple[Ints, Ints, Ints]:
    """Payment, last payment and total paid, each (n_customers, n_terms), minor units.

    Interest is rounded to the minor unit month by month, the level payment is rounded up, and the last
    payment takes what is left, so that the principal parts sum exactly to the amount; it is never higher
    than the others.
    """
    monthly = annual_rate_ratio / 12.0
    factor = annuity_factor(annual_rate_ratio, term_months)
    payment = np.ceil(amount_amt[:, None] * factor[None, :] - 1e-9).astype(np.int64)
    last, total = _run_off(amount_amt, payment, monthly, term_months)
    if (last > payment).any():
        # Interest rounded up in many months has outrun the rounding of the payment: one unit more a month.
        payment = payment + (last > payment)
        last, total = _run_off(amount_amt, payment, monthly, term_months)
    return payment, last, total


def _present_value(monthly: Floats, level: Floats, final: Floats, months: Floats) -> tuple[Floats, Floats]:
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
    rate = np.zeros(amount.shape, dtype=np.float64)
    real = amount > 0
    if real.any():
        owed, *flows = (column[real].astype(np.float64) for column in (amount, payment, last, term))
        # The value falls and is convex in the rate: Newton's steps from zero rise to the root and never pass it.
        solved = newton(
            lambda monthly: _present_value(monthly, *flows)[0] / owed - 1.0,
            np.zeros_like(owed),
            fprime=lambda monthly: _present_value(monthly, *flows)[1] / owed,
            tol=1e-13,
            maxiter=100,
        )
        rate[real] = 12.0 * solved
    return rate


def round_rate_up(rate_ratio: Floats) -> Floats:
    """A displayed rate never understates: rounded up at 0.01%."""
    return np.asarray(np.ceil(np.round(rate_ratio * 10_000.0, 6)) / 10_000.0)


@dataclass(frozen=True, slots=True)
class PricedTerms:
    """Each term of a policy for each amount, before anybody asks who may have it; see PlanDecisions."""

    term_months: Ints
    amount_amt: Ints
    payment_amt: Ints
    total_cost_amt: Ints
    annualised_rate_ratio: Floats


def priced_terms(amount_amt: Ints, policy: PlanPolicy) -> PricedTerms:
    """The terms of the policy for each customer's amount (n_customers,), minor units."""
    terms = np.array(policy.term_months, dtype=np.int64)
    payment, last, total = level_plans(amount_amt, policy.annual_rate_ratio, terms)
    amounts = np.repeat(amount_amt[:, None], len(terms), axis=1)
    rate = round_rate_up(annualised_rate(amounts, payment, last, np.broadcast_to(terms, payment.shape)))
    return PricedTerms(terms, amount_amt, payment, total - amounts, rate)


def offer_plans(terms: PricedTerms, budget_amt: Ints, policy: PlanPolicy, hits: Hits, is_taken: Bools) -> PlanDecisions:
    """The plans shown: the shortest that the budget bears and that no rule takes away.

    budget_amt (n_customers,), minor units; hits and is_taken (n_customers, n_terms, …).
    """
    is_open: Bools = (terms.amount_amt[:, None] > 0) & (terms.payment_amt <= budget_amt[:, None]) & ~is_taken
    return PlanDecisions(
        term_months=terms.term_months,
        amount_amt=terms.amount_amt,
        payment_amt=terms.payment_amt,
        total_cost_amt=terms.total_cost_amt,
        annualised_rate_ratio=terms.annualised_rate_ratio,
        nominal_rate_ratio=policy.annual_rate_ratio,
        is_shown=is_open & (np.cumsum(is_open, axis=1) <= policy.shown_count),
        rules=hits.rules,
        hits=hits.hit,
        hit_value=hits.value,
        hit_threshold=hits.threshold,
    )


def schedule_of(
    amount_amt: int, payment_amt: int, annual_rate_ratio: float, term_months: int, first_day: date
) -> Sequence[Instalment]:
    """The lines of one plan whose level payment is known (`level_plans`).

    Due dates are months after `first_day`, at month ends where a month is short.
    """
    monthly = annual_rate_ratio / 12.0
    lines, balance = [], amount_amt
    for number in range(1, term_months + 1):
        interest = round(balance * monthly)
        payment = balance + interest if number == term_months else min(payment_amt, balance + interest)
        balance += interest - payment
        due_on = first_day + relativedelta(months=number)
        lines.append(Instalment(number, due_on, payment, interest, payment - interest, balance))
    return lines
