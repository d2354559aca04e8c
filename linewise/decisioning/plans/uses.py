"""How a balance is used with a plan and without one, and what the one is worth beside the other, compiled."""

from math import exp, expm1
from typing import Any

import numpy as np

from linewise.core.compiling import compiled
from linewise.decisioning.formulas import hazard_of, owed_months
from linewise.decisioning.valuing import TAX, valued_one

__all__ = ["plan_values", "with_plan", "without_plan"]

YEAR = 12.0
FOLLOWED_MONTHS = 48.0
"""A balance without a plan is followed for as long as the longest plan."""


@compiled
def with_plan(
    amount: float, term: float, rate: float, payment: float, due_now: float, room: float, pd_12m: float,
    burden_hazard: float,
) -> Any:  # fmt: skip
    """What is owed on average within a year and after it, for how many years more, and by who defaults; and `breaks`.

    breaks: the probability that the plan is broken within the year, while it lasts and no longer. The hazard of a
    month is the customer's own, by how the burden of the payment differs from that of what is due now.
    """
    bears, first = max(room, 1.0), min(term, YEAR)
    eased = min(payment / bears, 1.0) - min(due_now / bears, 1.0)
    hazard = hazard_of(pd_12m) * exp(burden_hazard * eased)
    within = owed_months(rate, term, first)
    owed = amount * within / YEAR
    later, later_years = owed, 0.0
    if term > YEAR:
        later = amount * (owed_months(rate, term, term) - within) / (term - YEAR)
        later_years = (term - YEAR) / YEAR * exp(-hazard * (term + YEAR) / 2.0)
    at_default = (amount * within / first + later_years * later) / (1.0 + later_years)
    return owed, later, later_years, at_default, -expm1(-hazard * first)


@compiled
def without_plan(amount: float, share_ratio: float, card_rate: float, pd_12m: float) -> Any:
    """The first four of a balance that shrinks by the share of each bill that is paid; nothing where all of it is."""
    share = min(max(share_ratio, 0.0), 1.0)
    balance = amount if share < 1.0 else 0.0
    kept = min((1.0 + card_rate / YEAR) * (1.0 - share), 0.999)
    after_year = kept**YEAR
    owed = balance * (1.0 - after_year) / (YEAR * (1.0 - kept))
    later = balance * after_year
    stays = kept * exp(-hazard_of(pd_12m))
    later_years = (1.0 - stays**FOLLOWED_MONTHS) / (YEAR * (1.0 - stays)) if balance > 0.0 else 0.0
    return owed, later, later_years, (owed + later_years * later) / (1.0 + later_years)


@compiled
def _lent(owed: float, later: float, years: float, at_default: float, rate: float, pd: float, register: Any) -> float:
    """The value of a balance of which all bears interest, and nothing else is earned."""
    rates, used, share = register
    return valued_one(
        0.0, pd, owed, later, 0.0, at_default, rate, 0.0, 0.0, 0.0, 0.0, 1.0, years, 1.0, rates, used, share
    )[0]  # fmt: skip


@compiled
def plan_values(debts: Any, terms: Any, register: Any, card_rate: float, burden_hazard: float) -> Any:
    """The value of each term less that of doing nothing, (n_customers, n_terms), minor units.

    debts: amount, room, due_now, share, pd_12m and cost, as in PlanCase and `plan_worth`, (n_customers,) each; terms:
    months (n_terms,), payment and rate (n_customers, n_terms); register: as `valued_one` takes it. Without a plan the
    balance shrinks by the share of each bill that is paid, and earns the card's own rate.
    """
    (amount, room, due_now, share, pd_12m, cost), (months, payment, rate) = debts, terms
    untaxed, values = 1.0 - register[0][TAX], np.empty(payment.shape)
    for row in range(payment.shape[0]):
        owed, pd = float(amount[row]), pd_12m[row]
        mean, later, later_years, at_default = without_plan(owed, share[row], card_rate, pd)
        without = _lent(mean, later, later_years, at_default, card_rate, pd, register)
        bears, due = float(room[row]), float(due_now[row])
        for term in range(payment.shape[1]):
            paid, a_year = float(payment[row, term]), rate[row, term]
            mean, later, later_years, at_default, breaks = with_plan(
                owed, float(months[term]), a_year, paid, due, bears, pd, burden_hazard
            )
            with_it = _lent(mean, later, later_years, at_default, a_year, breaks, register)
            values[row, term] = with_it - without - untaxed * cost[row]
    return values
