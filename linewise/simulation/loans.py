"""The bank's past loans: who asked, what was granted, and who paid it back.

The chance of default is caused by who the customer is *and* by the dose, the loan beside a year's income.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.days import DATA_UNTIL_US, DAY_US, LAST_DAY, MONTHS, Month, local_us
from linewise.simulation.people import People

__all__ = [
    "COUNTERED",
    "DECISIONS",
    "DEFAULTED",
    "IN_ARREARS",
    "REFUSED",
    "RUNNING",
    "SETTLED",
    "STATUSES",
    "TERMS",
    "Loans",
    "draw_loans",
    "due_day",
    "instalment_of",
    "payment_of",
    "status_us",
    "true_default_probability",
]

DECISIONS = ("approved", "countered", "refused", "withdrawn")
APPROVED, COUNTERED, REFUSED, WITHDRAWN = range(4)
STATUSES = ("running", "settled", "in_arrears", "defaulted")
RUNNING, SETTLED, IN_ARREARS, DEFAULTED = range(4)
TERMS = np.array([6, 12, 18, 24, 36])

_YOUNGEST_LOAN_DAYS, _OLDEST_LOAN_DAYS = 396, 730
_HISTORY_BEFORE_DAYS = 180
_HIGHEST_PAYMENT_SHARE = 0.40
# Ninety days after the tenth instalment is missed lie before the data end, so every default shows.
_LAST_BAD_INSTALMENT = 10


@dataclass(frozen=True, slots=True)
class Loans:
    """The one past loan request of each customer, (n_customers,); rows without `is_asked` mean nothing.

    opened_day and opened_us: when it was asked for and, where `is_granted`, opened. first_missed: the
    number of the first instalment that was not paid, 0 for none.
    """

    is_asked: NDArray[np.bool_]
    is_granted: NDArray[np.bool_]
    decision: Ints
    opened_day: Ints
    opened_us: Ints
    asked_amt: Ints
    offered_amt: Ints
    principal_amt: Ints
    term_months: Ints
    rate_ratio: Floats
    payment_amt: Ints
    status: Ints
    first_missed: Ints

    def paid_count(self) -> Ints:
        """How many instalments were paid until the data end, (n_customers,)."""
        due = np.minimum(_months_elapsed(self.opened_day), self.term_months)
        return np.where(self.first_missed > 0, np.minimum(self.first_missed - 1, due), due)

    def remaining_amt(self) -> Ints:
        """The principal still owed at the data end, (n_customers,), minor units."""
        paid = self.paid_count()
        left = np.where(paid >= self.term_months, 0, self._remaining_after(paid))
        return np.rint(left).astype(np.int64)

    def last_payment_amt(self) -> Ints:
        """The last instalment, (n_customers,): what is left then, with its month's interest."""
        left = self._remaining_after(self.term_months - 1)
        return np.maximum(np.rint(left * (1 + self.rate_ratio / 12)), 0).astype(np.int64)

    def _remaining_after(self, paid_count: Ints) -> Floats:
        """The annuity's balance P g - A (g - 1) / r after k payments A, with g = (1 + r)^k, (n_customers,)."""
        monthly = self.rate_ratio / 12
        grown = (1 + monthly) ** paid_count
        return np.asarray(self.principal_amt * grown - self.payment_amt * (grown - 1) / monthly, dtype=np.float64)


def true_default_probability(risk: Floats, principal_amt: Ints, annual_income_amt: Ints) -> Floats:
    """The probability of not paying back: logit = -3.45 + 1.9 risk + 2 ln(1 + principal / annual income).

    The dose enters through one concave term and does not depend on anything the bank can see, so the
    effect of another amount for the same customer is known exactly.
    """
    logit = -3.45 + 1.9 * risk + 2.0 * np.log1p(principal_amt / annual_income_amt)
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


def payment_of(principal_amt: Ints | Floats, rate_ratio: Floats, term_months: Ints) -> Ints:
    """The annuity payment a month, rounded up to the cent so that the last one is never the larger.

    payment = P r / (1 - (1 + r)^-n), r the yearly rate over twelve.
    """
    monthly = rate_ratio / 12
    payment = principal_amt * monthly / (1 - (1 + monthly) ** -term_months.astype(np.float64))
    return np.asarray(np.ceil(payment), dtype=np.int64)


def due_day(opened_day: Ints, instalment: Ints) -> Ints:
    """The day on which an instalment falls due: the opening's day of the month, the 28th at the latest."""
    month = _month_of(opened_day)
    day_of_month: Ints = np.minimum(opened_day - _first_day(month), 27)
    return _first_day(month + instalment) + day_of_month


def instalment_of(loans: Loans, rows: Ints, month: Month) -> Ints:
    """The number of the instalment that falls due in that month, (n_rows,); below 1 before the loan."""
    this_month = (month.year - 1970) * 12 + month.number - 1
    return np.asarray(this_month - _month_of(loans.opened_day[rows]), dtype=np.int64)


def draw_loans(people: People, chance: Chance) -> Loans:
    """Requests 13 to 24 months before the data end, the bank's answers, and what became of them."""
    number, n = people.number, len(people)
    first_day = np.array([month.first_day for month in MONTHS])[people.first_month]
    earliest = np.maximum(LAST_DAY - _OLDEST_LOAN_DAYS, first_day + _HISTORY_BEFORE_DAYS)
    span = LAST_DAY - _YOUNGEST_LOAN_DAYS - earliest
    opened_day = earliest + np.floor(chance.uniform("loan day", number) * (span + 1)).astype(np.int64)
    is_adult = people.age_years(opened_day) >= 18
    is_asked = is_adult & chance.happens(0.93, "asks for a loan", number)

    annual_income = people.income_amt * 12
    ratio = np.clip(0.35 * np.exp(0.65 * chance.normal("loan size", number) + 0.1 * people.impatience), 0.05, 1.6)
    asked_amt = _rounded(annual_income * ratio)
    weights = np.broadcast_to(np.array([0.10, 0.30, 0.20, 0.25, 0.15]), (n, len(TERMS)))
    term = TERMS[chance.pick(weights, "loan term", number)]
    rate = np.round(0.075 + 0.02 * chance.between(0, 3, "loan rate", number), 4)

    # The officer sees the risk through a mist, and the bank's rule caps the payment beside income.
    suspicion = people.risk + 1.2 * chance.normal("officer", number)
    bearable = _HIGHEST_PAYMENT_SHARE * people.income_amt / payment_of(np.full(n, 1e6), rate, term) * 1e6
    offered = np.minimum(asked_amt, np.floor(bearable / 100_000).astype(np.int64) * 100_000)
    is_refused = (suspicion > 2.4) | (offered < 100_000)
    is_withdrawn = ~is_refused & chance.happens(np.where(offered < asked_amt, 0.15, 0.02), "walks away", number)
    decision = np.select(
        [is_refused, is_withdrawn, offered < asked_amt], [REFUSED, WITHDRAWN, COUNTERED], APPROVED
    ).astype(np.int64)
    is_granted = is_asked & ~is_refused & ~is_withdrawn
    principal = np.where(is_granted, offered, 0)
    status, first_missed = _fates(people, principal, term, opened_day, chance)
    return Loans(
        is_asked=is_asked,
        is_granted=is_granted,
        decision=decision,
        opened_day=opened_day,
        opened_us=local_us(opened_day, 9 + 9 * chance.uniform("loan hour", number)),
        asked_amt=asked_amt,
        offered_amt=np.where(is_refused, 0, offered),
        principal_amt=principal,
        term_months=term,
        rate_ratio=rate,
        payment_amt=payment_of(np.maximum(principal, 1), rate, term),
        status=np.where(is_granted, status, 0),
        first_missed=np.where(is_granted, first_missed, 0),
    )


def status_us(loans: Loans) -> Ints:
    """When each status was last observed: the end of the loan, ninety days after a default, or the data end."""
    settled = local_us(due_day(loans.opened_day, loans.term_months), 20.0)
    defaulted = local_us(due_day(loans.opened_day, loans.first_missed), 0.0) + 90 * DAY_US
    return np.select([loans.status == SETTLED, loans.status == DEFAULTED], [settled, defaulted], DATA_UNTIL_US)


def _fates(people: People, principal: Ints, term: Ints, opened_day: Ints, chance: Chance) -> tuple[Ints, Ints]:
    """Status at the data end and the first instalment missed."""
    elapsed = _months_elapsed(opened_day)
    is_bad = chance.happens(
        true_default_probability(people.risk, principal, people.income_amt * 12), "default", people.number
    )
    is_over = term <= elapsed
    is_late_only = is_bad & ~is_over & chance.happens(0.35, "late only", people.number)
    last = np.minimum(_LAST_BAD_INSTALMENT, term)
    month_of_default = 2 + np.floor(chance.uniform("default month", people.number) * (last - 1)).astype(np.int64)
    first_missed = np.where(is_late_only, elapsed, np.where(is_bad, month_of_default, 0))
    good = np.where(is_over, SETTLED, RUNNING)
    return np.where(is_late_only, IN_ARREARS, np.where(is_bad, DEFAULTED, good)), first_missed


def _months_elapsed(opened_day: Ints) -> Ints:
    """How many instalments have fallen due by the data end."""
    last = MONTHS[-1]
    counts = (last.year - 1970) * 12 + last.number - 1 - _month_of(opened_day)
    return np.where(due_day(opened_day, counts) > LAST_DAY, counts - 1, counts)


def _month_of(day: Ints) -> Ints:
    """Months since January 1970."""
    return np.asarray(day.astype("datetime64[D]").astype("datetime64[M]"), dtype=np.int64)


def _first_day(month: Ints) -> Ints:
    return np.asarray(month.astype("datetime64[M]").astype("datetime64[D]"), dtype=np.int64)


def _rounded(amount: Floats) -> Ints:
    """To whole thousands of yuan, at least one."""
    return np.maximum(np.rint(amount / 100_000), 1).astype(np.int64) * 100_000
