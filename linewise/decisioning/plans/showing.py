"""Which terms of a plan are shown, compiled: those that a month bears and that save, by what they bring."""

from math import exp, isnan
from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["best_terms", "open_terms", "shown_terms", "taken"]


@compiled
def open_terms(amount: Any, room: Any, whose: Any, goes_on: Any, priced: Any, is_taken: Any, card_rate: float) -> Any:
    """Which terms may be shown, and what each saves, (n_customers, n_terms); then what keeps all of them off.

    whose: for whom something can be put into a plan, who takes a loan, who asks for a plan; goes_on: what it costs
    without one, by minimum payments and by the customer's own way, all (n_customers,). priced: payment, cost in all and
    rate of each term, (n_customers, n_terms). The month must bear the payment, no rule take it, a
    year of it cost less than the card, and what the bank proposes less in all than going on as before; a loan takes
    the place of no debt. stopped (n_customers,): 1 where no term fits the month, 2 where none of those saves, else 0.
    """
    (is_possible, is_loan, is_asked), (by_minimum, by_own), (payment, cost, rate) = whose, goes_on, priced
    is_open, saved = np.zeros(payment.shape, dtype=np.bool_), np.empty(payment.shape)
    stopped = np.zeros(len(amount), dtype=np.int64)
    for row in range(len(amount)):
        before = by_minimum[row] if isnan(by_own[row]) else by_own[row]
        fits, is_worth = False, False
        for term in range(payment.shape[1]):
            # Who would never be done saves no more than the amount itself is worth: an endless cost is no measure.
            saved[row, term] = min(before, amount[row]) - cost[row, term]
            if not is_possible[row] or payment[row, term] > room[row]:
                continue
            fits = True
            saves = is_asked[row] or cost[row, term] < before
            if is_loan[row] or (rate[row, term] < card_rate and saves):
                is_worth = True
                is_open[row, term] = not is_taken[row, term]
        if is_possible[row] and not is_worth:
            stopped[row] = 2 if fits else 1
    return is_open, saved, stopped


@compiled
def taken(payment: float, room: float, saved: float, amount: float, habits: Any) -> float:
    """How likely a term is taken: by how light its payment is and by what it saves.

    habits: the log-odds of a payment of all that a month bears that saves nothing; what is added for a payment of
    nothing, and for all of the amount saved. An assumption of the register until the bank's plans have taught a model.
    """
    at_worst, comfort, saving = habits
    burden = min(payment / max(room, 1.0), 1.0)
    part = min(max(saved / max(amount, 1.0), -1.0), 1.0)
    odds = comfort * (1.0 - burden) + saving * part
    return 1.0 / (1.0 + exp(-(at_worst + odds)))


@compiled
def best_terms(gain: Any, taken_ratio: Any, is_open: Any, most: int) -> Any:
    """The best open terms, (n_customers, n_terms), at most so many, and the place of the best, -1 where none is open.

    What a term brings counts times how likely it is taken; of a term that brings nothing the loss alone counts. Of
    two alike the shorter one stands first.
    """
    is_shown, best = np.zeros(is_open.shape, dtype=np.bool_), np.full(len(is_open), -1)
    score = np.empty(is_open.shape[1])
    for row in range(len(is_open)):
        for term in range(len(score)):
            brings = gain[row, term]
            score[term] = brings * taken_ratio[row, term] if brings > 0.0 else brings
        for place in range(most):
            at = -1
            for term in range(len(score)):
                is_left = is_open[row, term] and not is_shown[row, term]
                if is_left and (at < 0 or score[term] > score[at]):
                    at = term
            if at >= 0:
                is_shown[row, at] = True
                best[row] = at if place == 0 else best[row]
    return is_shown, best


@compiled
def shown_terms(debts: Any, goes_on: Any, terms: Any, is_taken: Any, value: Any, policy: Any) -> Any:
    """Which terms are shown, (n_customers, n_terms), the best of them and what keeps all off, (n_customers,) each.

    debts: amount, room, and whose as in `open_terms`; terms: months (n_terms,), payment, cost and rate (n_customers,
    n_terms); value (n_customers, n_terms): what each brings the bank. policy: the rate of the card, the habits of
    `taken`, and how many are shown. What counts is what a term brings bank and customer together; of a loan its length
    alone, the shortest first.
    """
    (amount, room, whose), (months, payment, cost, rate), (card_rate, habits, most) = debts, terms, policy
    is_open, saved, stopped = open_terms(amount, room, whose, goes_on, (payment, cost, rate), is_taken, card_rate)
    gain, taken_ratio, is_loan = np.empty(payment.shape), np.empty(payment.shape), whose[1]
    for row in range(payment.shape[0]):
        for term in range(payment.shape[1]):
            gain[row, term] = -float(months[term]) if is_loan[row] else value[row, term] + saved[row, term]
            taken_ratio[row, term] = taken(
                float(payment[row, term]), float(room[row]), saved[row, term], float(amount[row]), habits
            )
    is_shown, best = best_terms(gain, taken_ratio, is_open, most)
    return is_shown, best, stopped
