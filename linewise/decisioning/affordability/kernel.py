"""What a month leaves of one customer, compiled: the income that counts, the essentials, the debts that are owed."""

from math import isfinite, isnan
from typing import Any, NamedTuple

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["SEEN", "TOLD", "UNKNOWN", "Terms", "budgets", "full_lines", "largest_drawn", "minimum_due"]

SEEN = (
    "income_mean_amt_6m",
    "income_p25_amt_6m",
    "income_spread_ratio_6m",
    "income_months_count_6m",
    "salary_count_180d",
    "salary_recency_days",
    "essential_mean_amt_6m",
    "groceries_sum_amt_90d",
    "transport_sum_amt_90d",
    "utilities_sum_amt_90d",
    "card_payment_sum_amt_90d",
    "third_party_payment_share_ratio_365d",
    "obligation_mean_amt_6m",
)
"""The features of `budgets`, in their order."""

TOLD = (
    "income_evidence_amt",
    "income_evidence_age_days",
    "card_plan_payment_amt",
    "other_debt_payment_amt",
    "loan_payment_amt",
    "other_own_limit_amt",
    "card_plan_left_amt",
    "minimum_payment_ratio",
    "minimum_payment_floor_amt",
)
"""The facts of `budgets`, in their order."""

SALARIED, ON_ACCOUNT, STATED, INFERRED, UNKNOWN = 1, 2, 3, 4, 5
"""Places in CLASSES: a salary, or any steady money, on an account here; the last that may justify more; no class."""

REGULAR_SALARY_COUNT, REGULAR_SALARY_DAYS = 5, 45
"""A salary is one that came five times in 180 days, the last of them within a month and a half."""

MONTHS = 3.0
MOST = np.finfo(np.float64).max


class Terms(NamedTuple):
    """What the policy says (`AffordabilityPolicy`); share_of (6,): what counts of an income by its class."""

    disposable_share: float
    spread_haircut: float
    least_months: float
    class_days: float
    floor_amt: float
    least_share: float
    loan_payment_ratio: float
    share_of: Any


@compiled
def _or_zero(value: float) -> float:
    return 0.0 if isnan(value) else value


@compiled
def _within(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


@compiled
def _whole(amount: float) -> Any:
    return np.int64(np.floor(max(amount, 0.0) + 1e-6))


@compiled
def _due(ratio: float, floor_amt: Any, drawn_amt: Any) -> Any:
    """A share of what is drawn, never below a floor, never above what is drawn."""
    drawn = max(drawn_amt, 0)
    return min(max(np.int64(np.ceil(ratio * drawn - 1e-6)), floor_amt), drawn)


@compiled
def _on_file(amount: float, age_days: float, place: Any, terms: Any) -> Any:
    """The best piece of evidence: it loses a class for each `class_days`, and then all worth."""
    if not (isfinite(amount) and isfinite(age_days) and amount > 0.0):
        return 0.0, UNKNOWN
    place = min(place + np.int64(max(age_days, 0.0) // terms.class_days), UNKNOWN)
    return amount * terms.share_of[place], place


@compiled
def _on_account(seen: Any, terms: Any) -> Any:
    """What comes in on an account here: the lower of the lean month and the mean less a haircut for its spread."""
    mean, lean, spread, months, salaries, recency = seen[0], seen[1], seen[2], seen[3], seen[4], seen[5]
    if not (isfinite(mean) and isfinite(lean) and months >= terms.least_months):
        return 0.0, UNKNOWN
    spread = 1.0 if isnan(spread) else _within(spread, -MOST, MOST)
    less_spread = mean * _within(1.0 - terms.spread_haircut * spread, 0.0, 1.0)
    is_salary = salaries >= REGULAR_SALARY_COUNT and recency <= REGULAR_SALARY_DAYS
    place = SALARIED if is_salary else ON_ACCOUNT
    return min(lean, less_spread) * terms.share_of[place], place


@compiled
def _income(seen: Any, amount: float, age_days: float, place: int, terms: Any) -> Any:
    """The income by its best evidence and the place of its class: on file, or seen on an account here.

    The better class counts alone, so that money sent round through an account cannot outweigh a payslip; of
    the same class the lower amount counts. A higher amount of any evidence never lowers the income.
    """
    told, told_place = _on_file(amount, age_days, place, terms)
    here, here_place = _on_account(seen, terms)
    if told_place == here_place:
        return min(told, here), here_place
    return (told, told_place) if told_place < here_place else (here, here_place)


@compiled
def _on_cards(seen: Any) -> Any:
    """Bought for daily needs, and paid in the customer's own money, a month; sensitive groups are left out."""
    needs = (0.0 + _or_zero(seen[7]) + _or_zero(seen[8]) + _or_zero(seen[9])) / MONTHS
    of_others = _within(_or_zero(seen[11]), 0.0, 1.0)
    return needs, _or_zero(seen[10]) / MONTHS * (1.0 - of_others)


@compiled
def budgets(seen: Any, told: Any, class_place: Any, line_amt: Any, terms: Any, amounts: Any, ratios: Any) -> Any:
    """Fill what a month leaves and the ratio of the minimum payment; the place of each income's class is returned.

    seen (n_customers, n_seen), told (n_told, n_customers): as named; class_place (n_customers,): of what is on
    file. amounts (8, n_customers): available, cautious income, residual, room, demonstrated, other line, in
    instalments, floor of the minimum payment.
    """
    places = np.empty(len(line_amt), dtype=np.int64)
    for row in range(len(line_amt)):
        income, place = _income(seen[row], told[0, row], told[1, row], class_place[row], terms)
        needs, paid = _on_cards(seen[row])
        # Rent paid in cash is not seen; without the floor who shows least could borrow most.
        least = max(terms.floor_amt, terms.least_share * income)
        residual = income - max(_or_zero(seen[row, 6]) + needs, least)
        demonstrated = max(paid - needs, 0.0)
        # Loans show twice, in what the account pays and in reports and our own books: the larger sum counts.
        owes = max(_or_zero(seen[row, 12]), _or_zero(told[3, row]) + _or_zero(told[4, row]))
        in_plans = _or_zero(told[2, row])
        room = terms.disposable_share * residual - owes - in_plans
        by_payment = demonstrated - in_plans
        if place > STATED:
            room = min(room, by_payment) if place == INFERRED else by_payment
        has_rule = isfinite(told[7, row]) and told[7, row] > 0.0
        ratios[row] = told[7, row] if has_rule else terms.loan_payment_ratio
        floor = np.int64(_or_zero(told[8, row])) if has_rule else 0
        other_line, in_instalments = _whole(_or_zero(told[5, row])), _whole(_or_zero(told[6, row]))
        due = _due(ratios[row], floor, line_amt[row] + other_line - in_instalments)
        amounts[0, row], amounts[1, row] = max(_whole(room) - due, 0), _whole(income)
        amounts[2, row], amounts[3, row] = np.int64(np.floor(residual)), _whole(room)
        amounts[4, row], amounts[5, row] = _whole(demonstrated), other_line
        amounts[6, row], amounts[7, row] = in_instalments, floor
        places[row] = place
    return places


@compiled
def minimum_due(ratio: Any, floor_amt: Any, drawn_amt: Any) -> Any:
    """The minimum payment on what is drawn, (n_customers,)."""
    due = np.empty(len(ratio), dtype=np.int64)
    for row in range(len(due)):
        due[row] = _due(ratio[row], floor_amt[row], drawn_amt[row])
    return due


@compiled
def _largest(ratio: float, floor_amt: Any, payment_amt: Any) -> Any:
    """The most that may be drawn so that its minimum payment is no more than that."""
    payment = max(payment_amt, 0)
    by_share = np.int64(np.floor(payment / ratio * (1.0 + 1e-12)))
    # The quotient may be a hair too large; one minor unit less then fits.
    if np.int64(np.ceil(ratio * by_share - 1e-6)) > payment:
        by_share -= 1
    # Below the floor everything drawn is due at once, so no more can be drawn than can be paid.
    return payment if payment < floor_amt else max(by_share, payment)


@compiled
def largest_drawn(ratio: Any, floor_amt: Any, payment_amt: Any) -> Any:
    """The same of each customer, (n_customers,)."""
    most = np.empty(len(ratio), dtype=np.int64)
    for row in range(len(most)):
        most[row] = _largest(ratio[row], floor_amt[row], payment_amt[row])
    return most


@compiled
def full_lines(
    ratio: Any,
    floor_amt: Any,
    room_amt: Any,
    in_instalments_amt: Any,
    other_line_amt: Any,
    line_amt: Any,
    is_proved: Any,
) -> Any:
    """The largest line that fits when it is drawn whole, (n_customers,), never below zero.

    is_proved (n_customers,): whether the income may raise the line that is in force.
    """
    lines = np.empty(len(ratio), dtype=np.int64)
    for row in range(len(lines)):
        most = _largest(ratio[row], floor_amt[row], room_amt[row]) + in_instalments_amt[row] - other_line_amt[row]
        lines[row] = max(most if is_proved[row] else min(most, line_amt[row]), 0)
    return lines
