"""What the bank did with limits and loans: reviews by score, a randomised slice, answers to what was asked.

The reviews raise those whose spending grows and, as far as confounding is hidden, those of whom the officers
knew something that no extract holds: a naive estimate of what a raise does is wrong, as in life. Every rule is
a threshold on the customer alone, never a rank, so that customers stay independent.
"""

import math
from typing import Any

from linewise.simulation.lives.book import day_second, note
from linewise.simulation.lives.borrowing import answer_to_limit
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import happens, happens_by_logit, normal, uniform
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.record import (
    EXPOSURE,
    INCOME,
    LIMIT_CHANGE,
    LIMIT_REQUEST,
    OBLIGATION,
    PLAN,
)
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["ask_for_limit", "ask_for_loan", "behaviour_score", "change_limit", "review_limit", "step_loan"]

_RULE, _RANDOMISED, _REQUEST, _DORMANT, _RISK, _TEMPORARY = range(6)
_APPROVED, _COUNTERED, _REFUSED, _WITHDRAWN = range(4)
_SCORE_LOW, _ARREARS, _MULTIPLE, _OTHER_LIMITS, _TOO_SOON = range(5)
_ASKED_LOAN, _ASKED_INCREASE, _ASKED_TEMPORARY = 0, 2, 3
_RUNNING, _SETTLED, _IN_ARREARS, _DEFAULTED = range(4)
_FIRST_LIMIT_OFFER = 5
_ARMS = (1.0, 1.10, 1.25, 1.50, 2.00)
_TERMS = (6, 12, 18, 24, 36)
_PUSH = 2
_FORGOTTEN_MONTHS = 36
"""After these a missed payment takes less than a hundredth of a point from the score."""
(
    _REVIEW, _ARM, _REVIEW_AT, _CUT, _ASK_SIZE, _ASK_KIND, _LOAN_ASK, _LOAN_SIZE, _LOAN_TERM, _LOAN_JUDGED, _LOAN_MISS,
    _LOAN_SETTLE, _TOLD, _ENQUIRY, _OTHER,
) = range(500, 515)  # fmt: skip


@compiled
def behaviour_score(who: Any, st: Any) -> float:
    """The bank's score of this month, 300 to 900: higher is better."""
    score = who.application_score - 70.0 * (min(st.utilisation, 1.1) - 0.35)
    if st.arrears_months < _FORGOTTEN_MONTHS:
        score -= 55.0 * math.exp(-st.arrears_months / 4.0)
    if st.bucket > 0:
        score -= 60.0
    if st.idle_months > 6:
        score -= 10.0
    return float(min(max(score, 300.0), 900.0))


@compiled
def change_limit(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, new_amt: float, at_s: int,
    by_bank: int, reason: int, chance: float,
) -> None:  # fmt: skip
    """Put a new permanent limit in force; the customer begins to answer to it."""
    old = float(st.limit_amt)
    new = math.floor(new_amt / s.limit_step_amt + 0.5) * s.limit_step_amt
    new = min(max(new, 0.0), s.limit_most_amt)
    if new == old:
        return
    if old > 0.0 and new > 0.0:
        answer_to_limit(who, st, e, old, new)
    note(book, s, cycle.person, LIMIT_CHANGE, at_s, int(old), int(new), by_bank, reason, 0, 0, 0, chance)
    st.limit_before_amt, st.limit_from_s = st.limit_amt, at_s
    st.limit_amt = int(new)
    st.raise_months = 0
    if at_s < s.last_s:
        who.last_limit_amt = st.limit_amt


@compiled
def review_limit(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, score: float, card_months: int
) -> None:
    """The half-yearly review of a card: raise, hold or cut."""
    if (s.first_month + cycle.month + who.cycle_day) % 6 != 0:
        return
    day = cycle.begin_day + 1 + int(3.0 * uniform(cycle.key, _REVIEW_AT, 0))
    at_s = day_second(s, day, 36000)
    if st.idle_months >= 8 and happens(0.08, cycle.key, _CUT, 0) and st.limit_amt > 2.0 * s.limit_least_amt:
        change_limit(who, st, e, s, book, cycle, 0.5 * st.limit_amt, at_s, 1, _DORMANT, math.nan)
        return
    is_eligible = (
        st.bucket == 0
        and st.arrears_months > 6
        and st.raise_months >= 6
        and card_months >= 6
        and who.employment != 2
        and st.behaviour > 0
        and score >= e.raise_score_cutoff
    )
    if not is_eligible:
        return
    if who.is_explored == 1:
        arm = int(5.0 * uniform(cycle.key, _ARM, 0))
        _show_limit(st, s, book, cycle, _FIRST_LIMIT_OFFER + arm, at_s, 0.2, 1)
        change_limit(who, st, e, s, book, cycle, st.limit_amt * _ARMS[arm], at_s, 1, _RANDOMISED, 0.2)
        return
    growth = math.log(max(st.spend_mean_amt, 1000.0) / max(st.spend_before_amt, 1000.0))
    known = (
        e.raise_intercept
        + e.raise_by_score * (score - 680.0) / 50.0
        + e.raise_by_utilisation * min(st.utilisation, 1.0)
        + e.raise_by_growth * min(max(growth, -1.0), 1.0)
    )
    if not happens_by_logit(known + e.hidden_confounding * e.raise_by_outlook * who.outlook, cycle.key, _REVIEW, 0):
        return
    # Only what the bank's engine knew is logged; what its officers knew beside it is not.
    logged = 1.0 / (1.0 + math.exp(-known))
    arm = 1 if score < 660.0 else (2 if score < 720.0 else 3)
    if score >= 740.0 and st.utilisation > 0.5:
        arm = 4
    _show_limit(st, s, book, cycle, _FIRST_LIMIT_OFFER + arm, at_s, logged, 0)
    change_limit(who, st, e, s, book, cycle, st.limit_amt * _ARMS[arm], at_s, 1, _RULE, logged)


@compiled
def _show_limit(
    st: Any, s: Surroundings, book: Book, cycle: Cycle, offer: int, at_s: int, chance: float, is_random: int
) -> None:
    row = note(book, s, cycle.person, EXPOSURE, at_s, offer, _PUSH, -1, -1, -1, -1, is_random, chance)
    if row >= 0:
        st.exposures += 1


@compiled
def ask_for_limit(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, score: float, at_s: int
) -> None:
    """The customer asks for a higher limit, for good or for a month; the bank answers at once."""
    is_short = happens(0.25, cycle.key, _ASK_KIND, 0)
    ratio = 0.2 + 0.8 * uniform(cycle.key, _ASK_SIZE, 0)
    asked = math.floor(st.limit_amt * (1.0 + ratio) / s.limit_step_amt + 0.5) * s.limit_step_amt
    kind = _ASKED_TEMPORARY if is_short else _ASKED_INCREASE
    decision, reason, offered = _APPROVED, -1, asked
    if st.ask_months < 3:
        decision, reason = _REFUSED, _TOO_SOON
    elif st.bucket > 0 or st.arrears_months < 6:
        decision, reason = _REFUSED, _ARREARS
    elif score < 610.0:
        decision, reason = _REFUSED, _SCORE_LOW
    elif asked > 6.0 * who.income_amt:
        decision, reason = _REFUSED, _MULTIPLE
    elif asked + who.other_limit_amt > 9.0 * who.income_amt:
        decision, reason = _REFUSED, _OTHER_LIMITS
    elif score < 670.0:
        decision = _COUNTERED
        offered = math.floor((st.limit_amt + asked) / 2.0 / s.limit_step_amt) * s.limit_step_amt
        if offered <= st.limit_amt:
            decision, reason = _REFUSED, _SCORE_LOW
    taken = -1
    if decision != _REFUSED:
        taken = int(offered)
        if happens(0.08, cycle.key, _ASK_KIND, 1):
            decision, taken = _WITHDRAWN, -1
    note(
        book, s, cycle.person, LIMIT_REQUEST, at_s, kind, int(asked), int(offered) if decision != _REFUSED else -1,
        taken, decision, reason, 0, 0.0)  # fmt: skip
    st.ask_months = 0
    if taken < 0:
        return
    if is_short:
        st.temporary_amt = taken
        st.temporary_from_s = at_s
        st.temporary_until_s = at_s + 86400 * (20 + int(25.0 * uniform(cycle.key, _ASK_SIZE, 1)))
        if at_s < s.last_s:
            who.temporary_limit_amt = st.temporary_amt
            who.temporary_from_s, who.temporary_until_s = st.temporary_from_s, st.temporary_until_s
    else:
        change_limit(who, st, e, s, book, cycle, float(taken), at_s, 0, _REQUEST, math.nan)


@compiled
def ask_for_loan(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, score: float, at_s: int
) -> None:
    """The customer asks for a loan at the bank; income and debts elsewhere are looked at on the eve."""
    key = cycle.key
    incomes = 1.0 + 5.0 * uniform(key, _LOAN_SIZE, 0) ** 1.5
    asked = math.floor(who.income_amt * incomes / s.limit_step_amt + 0.5) * s.limit_step_amt
    asked = max(asked, s.limit_step_amt)
    term = _TERMS[int(5.0 * uniform(key, _LOAN_TERM, 0))]
    _look_into(who, s, book, cycle, at_s)
    judged = score + 30.0 * e.hidden_confounding * who.outlook + 25.0 * normal(key, _LOAN_JUDGED, 0)
    decision, reason, offered = _APPROVED, -1, asked
    if judged < 590.0:
        decision, reason = _REFUSED, _SCORE_LOW
    elif st.arrears_months < 3:
        decision, reason = _REFUSED, _ARREARS
    elif judged < 640.0:
        decision = _COUNTERED
        offered = max(math.floor(0.6 * asked / s.limit_step_amt) * s.limit_step_amt, s.limit_step_amt)
    taken = int(offered) if decision != _REFUSED else -1
    if taken > 0 and happens(0.06, key, _LOAN_JUDGED, 7):
        decision, taken = _WITHDRAWN, -1
    note(
        book, s, cycle.person, LIMIT_REQUEST, at_s, _ASKED_LOAN, int(asked),
        int(offered) if decision != _REFUSED else -1, taken, decision, reason, term, 0.0)  # fmt: skip
    if taken < 0:
        return
    rate = 0.14 - 0.02 * min(max((score - 680.0) / 50.0, -1.0), 1.0)
    monthly = rate / 12.0
    payment = math.ceil(taken * monthly / (1.0 - (1.0 + monthly) ** -term))
    st.paid_out_amt, st.paid_out_s = taken, at_s + 3600
    st.loan_left_amt = taken
    st.loan_payment_amt = int(payment)
    st.loan_months_left = term
    st.loan_missed = 0
    st.loan_day = cycle.end_day
    st.loan_rate = rate
    st.loan_dose = e.loan_dose * math.log1p(taken / (12.0 * who.income_amt))
    st.loan_event = note(
        book, s, cycle.person, PLAN, at_s, 0, taken, term, int(payment), taken, _RUNNING, s.data_until_s, rate
    )


@compiled
def _look_into(who: Any, s: Surroundings, book: Book, cycle: Cycle, at_s: int) -> None:
    """Evidence of income, and a report of debts elsewhere; one enquiry in thirty was not authorised."""
    key = cycle.key
    proved = uniform(key, _TOLD, 0)
    evidence = 2 + int(proved < 0.5) if who.employment == 1 else int(proved < 0.5)
    told = who.income_amt * (1.0 + 0.05 * normal(key, _TOLD, 1))
    note(book, s, cycle.person, INCOME, at_s - 7200, int(told / 100.0) * 100, evidence, 0, 0, 0, 0, 0, 0.0)
    allowed = 1 if uniform(key, _ENQUIRY, 0) > 0.033 else 0
    if who.other_limit_amt > 0:
        minimum = int(0.1 * who.other_debt_amt)
        note(
            book, s, cycle.person, OBLIGATION, at_s - 3600, 1, who.other_limit_amt, who.other_debt_amt, minimum,
            who.number % 4, allowed, 0, 0.0)  # fmt: skip
    if who.mortgage_amt > 0:
        left = int(who.mortgage_amt * 120)
        note(book, s, cycle.person, OBLIGATION, at_s - 3600, 2, left, left, who.mortgage_amt, 3, allowed, 0, 0.0)
    if uniform(key, _OTHER, 0) < 0.12:
        left = int(who.income_amt * (1.0 + 3.0 * uniform(key, _OTHER, 1)))
        note(
            book,
            s,
            cycle.person,
            OBLIGATION,
            at_s - 3600,
            0,
            left,
            left,
            left // 18,
            (who.number // 4) % 4,
            allowed,
            0,
            0.0,
        )


@compiled
def step_loan(who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, pressure: float) -> int:
    """The loan's instalment of this cycle, minor units; 0 where there is none or it is missed."""
    if st.loan_months_left <= 0 or cycle.begin_day < st.loan_day:
        return 0
    at_s = day_second(s, cycle.begin_day + 15, 72000)
    is_missed = st.loan_missed >= 3
    if st.loan_missed > 0:
        is_missed = is_missed or happens(0.62, cycle.key, _LOAN_MISS, 0)
    else:
        # The instalment is drawn from the current account: where little lies there, it often comes back.
        short = 0.0
        if who.has_payroll == 1:
            short = min(max(1.0 - st.current_amt / (0.6 * who.income_amt), 0.0), 1.5)
        missing = e.loan_miss_intercept + pressure + st.loan_dose + e.loan_miss_by_shortage * short
        is_missed = happens_by_logit(missing, cycle.key, _LOAN_MISS, 0)
    if is_missed:
        st.loan_missed += 1
        status = _DEFAULTED if st.loan_missed >= 3 else _IN_ARREARS
        _tell_loan(st, s, book, at_s, status)
        if st.loan_missed >= 4:
            st.loan_months_left = 0
        return 0
    interest = st.loan_left_amt * st.loan_rate / 12.0
    amount = min(float(st.loan_payment_amt), st.loan_left_amt + interest)
    st.loan_left_amt = max(int(st.loan_left_amt - (amount - interest) + 0.5), 0)
    st.loan_missed = 0
    st.loan_months_left -= 1
    if st.loan_months_left == 0 or happens(0.012, cycle.key, _LOAN_SETTLE, 0):
        amount += 0.0 if st.loan_months_left == 0 else float(st.loan_left_amt)
        st.loan_left_amt = 0
        st.loan_months_left = 0
        _tell_loan(st, s, book, at_s, _SETTLED)
    else:
        _tell_loan(st, s, book, at_s, _RUNNING)
    return int(amount)


@compiled
def _tell_loan(st: Any, s: Surroundings, book: Book, at_s: int, status: int) -> None:
    if st.loan_event < 0 or at_s > s.data_until_s:
        return
    one = book.events[st.loan_event]
    one.e = st.loan_left_amt
    one.f = status
    # A loan that runs or is in arrears is seen at the end of the data, one that ended when it did.
    one.g = at_s if status == _SETTLED or status == _DEFAULTED else s.data_until_s
