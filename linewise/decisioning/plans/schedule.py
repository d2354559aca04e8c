"""Schedules in whole minor units that sum exactly: level payments on the reducing balance, or a flat fee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from dateutil.relativedelta import relativedelta

from linewise.decisioning.plans.kernel import run_off
from linewise.decisioning.plans.rates import annuity_factor
from linewise.decisioning.types import Floats, Ints

__all__ = [
    "Instalment",
    "affordable_amount",
    "flat_plans",
    "flat_schedule_of",
    "level_plans",
    "schedule_of",
]


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of a schedule, minor units; interest_amt is the flat fee where the plan carries one."""

    number: int
    due_on: date
    payment_amt: int
    interest_amt: int
    principal_amt: int
    remaining_amt: int

    def as_json(self) -> dict[str, int | str]:
        """The line for machines, the day as ISO 8601."""
        told = {name: getattr(self, name) for name in Instalment.__slots__}
        return told | {"due_on": self.due_on.isoformat()}


def affordable_amount(budget_amt: Ints, annual_rate_ratio: float, term_months: int) -> Ints:
    """The largest amount whose level payment surely stays within the budget, (n_customers,).

    One minor unit of the budget is kept back for the rounding of `level_plans`, and a hair of the
    quotient, so that floating point never lets a payment pass the budget.
    """
    factor = annuity_factor(annual_rate_ratio, np.array([term_months]))[0]
    spendable = np.maximum(budget_amt - 1, 0)
    return np.asarray(np.floor(spendable / factor * (1.0 - 1e-12)), dtype=np.int64)


def level_plans(amount_amt: Ints, annual_rate_ratio: float | Floats, term_months: Ints) -> tuple[Ints, Ints, Ints]:
    """Payment, last payment and total paid, each (n_customers, n_terms), minor units.

    annual_rate_ratio: one rate, or (n_customers,). Interest is rounded to the minor unit month by month, the
    level payment is rounded up, and the last payment takes what is left, so that the principal parts sum
    exactly to the amount; it is never higher than the others.
    """
    yearly = np.asarray(annual_rate_ratio, dtype=np.float64) + np.zeros(len(amount_amt))
    payment, last, total = run_off(amount_amt, yearly / 12.0, annuity_factor(yearly[:, None], term_months), term_months)
    return payment, last, total


def _flat_parts(amount_amt: Ints, fee_ratio: Floats, term_months: Ints) -> tuple[Ints, Ints]:
    """The principal part of a month, rounded up, and its fee, (n_customers, n_terms)."""
    part = -(-amount_amt[:, None] // term_months[None, :])
    fee = np.rint(amount_amt[:, None] * fee_ratio[None, :]).astype(np.int64)
    return part, fee


def flat_plans(amount_amt: Ints, fee_ratio: Floats, term_months: Ints) -> tuple[Ints, Ints, Ints]:
    """Payment, last payment and total paid of plans with a flat fee, each (n_customers, n_terms), minor units.

    fee_ratio (n_terms,): the fee of a month, of the amount that was first put into the plan, however much of
    it was repaid since. Equal principal parts are rounded up and the last one takes what is left.
    """
    part, fee = _flat_parts(amount_amt, fee_ratio, term_months)
    last = np.maximum(amount_amt[:, None] - part * (term_months - 1)[None, :], 0) + fee
    return part + fee, last, amount_amt[:, None] + fee * term_months[None, :]


def schedule_of(
    amount_amt: int, payment_amt: int, annual_rate_ratio: float, term_months: int, first_day: date
) -> Sequence[Instalment]:
    """The lines of one plan on the reducing balance whose level payment is known (`level_plans`).

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


def flat_schedule_of(amount_amt: int, fee_ratio: float, term_months: int, first_day: date) -> Sequence[Instalment]:
    """The lines of one plan with a flat fee, in the same way (`flat_plans`)."""
    part, fee = -(-amount_amt // term_months), int(np.rint(amount_amt * fee_ratio))
    lines, balance = [], amount_amt
    for number in range(1, term_months + 1):
        principal = balance if number == term_months else min(part, balance)
        balance -= principal
        due_on = first_day + relativedelta(months=number)
        lines.append(Instalment(number, due_on, principal + fee, fee, principal, balance))
    return lines
