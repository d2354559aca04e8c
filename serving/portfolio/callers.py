"""Who is expected to call: the mix of callers on which prices are solved, from the calls of the last year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from linewise.core.moments import DAY_US, NEVER
from linewise.decisioning.types import Floats, Ints
from serving.scoring.facts import BankFacts

__all__ = ["Callers", "calling_ratio", "expected_callers"]

YEAR_DAYS = 365.0
LEAST_SEEN_DAYS = 30.0
"""A customer of yesterday without a call says nothing yet."""


@dataclass(frozen=True, slots=True)
class Callers:
    """calling_ratio (n_customers,): the probability that each calls at least once within the horizon.

    source: what it was taken from, in words.
    """

    calling_ratio: Floats
    source: str


def calling_ratio(calls_count: Ints, seen_days: Floats, horizon_days: float) -> Floats:
    """The probability of at least one call within the horizon, (n_customers,).

    Calls are Poisson at a rate of each customer's own, and the rates a gamma distribution whose mean and spread
    are those of the base (by moments): the posterior of who called c times in t years is Gamma(a + c, b + t), and
    P(no call in h years) = ((b + t) / (b + t + h)) ** (a + c). So who never called may call, and who called
    nine times in bad luck is not expected to do so for ever.
    """
    years, horizon = np.maximum(seen_days, LEAST_SEEN_DAYS) / YEAR_DAYS, horizon_days / YEAR_DAYS
    mean = calls_count.sum() / years.sum() if len(years) else 0.0
    if mean == 0.0:
        return np.zeros(len(years))
    # What counts vary by beyond Poisson: Var(c) = mean t + spread t².
    beyond = ((calls_count - mean * years) ** 2 - mean * years).sum() / (years**2).sum()
    if beyond <= 1e-9 * mean**2:
        return np.asarray(1.0 - np.exp(-mean * horizon * np.ones(len(years))))
    shape, pace = mean**2 / beyond, mean / beyond
    return np.asarray(1.0 - ((pace + years) / (pace + years + horizon)) ** (shape + calls_count))


def expected_callers(facts: BankFacts, customer_ids: Sequence[str], now: datetime, horizon_days: float) -> Callers:
    """The callers that a bank may expect, from its calls of the last year as they were known by now.

    A bank that delivers no calls, or had none, cannot say who calls: everyone is counted as calling once.
    """
    places = facts.roster.places_of(customer_ids)
    table = facts.tables.get("calls")
    if table is None or not len(table.columns.get("started_at", ())):
        return Callers(np.ones(len(places)), "the bank delivers no calls: everyone is counted as calling once")
    at = facts.roster.moments(places, now)
    rows = table.rows_of(places).known(at)
    is_of_year = rows["started_at"] > at[rows.owner] - int(YEAR_DAYS) * DAY_US
    count = np.bincount(rows.owner[is_of_year], minlength=len(places))
    if not count.any():
        return Callers(np.ones(len(places)), "nobody called in the last year: everyone is counted as calling once")
    ratio = calling_ratio(count, _seen_days(facts, places, at), horizon_days)
    return Callers(ratio, f"{count.sum():,} calls of the last year")


def _seen_days(facts: BankFacts, places: Ints, at: Ints) -> Floats:
    """For how long of the last year each was a customer, (n_customers,); the whole of it where nobody says."""
    rows = facts.tables["customers"].rows_of(places)
    since = np.full(len(places), NEVER)
    if "customer_since" in rows.table.columns:
        since[rows.owner] = rows["customer_since"]
    days = np.where(since == NEVER, YEAR_DAYS, (at - np.minimum(since, at)) / DAY_US)
    return np.asarray(np.minimum(days, YEAR_DAYS))
