"""How well an income is proved, and how much of it counts: classes A to E, each year of age one class lower."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability.policy import AffordabilityPolicy
from linewise.decisioning.arrays import first_match
from linewise.decisioning.types import Bools, Customers, Floats, Ints, Texts

__all__ = ["CLASSES", "Income", "income_of"]

CLASSES = ("A", "B", "C", "D", "E")
"""A verified, B and C documented or seen on an account here, D stated, E inferred from how cards are used."""

SALARIED, SEEN, STATED, UNKNOWN = 1, 2, 3, len(CLASSES)
"""Places in CLASSES: what a salary, or any steady money, on an account here proves; the last that may justify more."""

REGULAR_SALARY_COUNT, REGULAR_SALARY_DAYS = 5, 45
"""A salary is one that came five times in 180 days, the last of them within a month and a half."""


@dataclass(frozen=True, slots=True)
class Income:
    """A month's income that may be counted on, minor units, (n_customers,).

    cautious_amt: after the haircuts by class, age and spread, zero where nothing is known; place: of its class
    in CLASSES, len(CLASSES) where nothing is known.
    """

    cautious_amt: Floats
    place: Ints

    @property
    def class_name(self) -> Texts:
        """The class by its letter, empty where nothing is known."""
        return np.array([*CLASSES, ""])[self.place]

    @property
    def is_proved(self) -> Bools:
        """Whether it may justify more debt: A to D; what is inferred from card use may only lower."""
        return np.asarray(self.place <= STATED)


def _of_documents(customers: Customers, policy: AffordabilityPolicy) -> Income:
    """The best piece of evidence on file: it loses a class for each `income_class_days`, and then all worth."""
    named = customers.facts.get("income_evidence_class")
    place = np.full(len(customers), UNKNOWN, dtype=np.int64)
    for index, name in enumerate(CLASSES if named is not None else ()):
        place[np.asarray(named == name, dtype=np.bool_)] = index
    amount, age = customers.fact("income_evidence_amt"), customers.fact("income_evidence_age_days")
    is_known = np.isfinite(amount) & np.isfinite(age) & (amount > 0)
    older = np.where(is_known, np.maximum(age, 0.0) // policy.income_class_days, UNKNOWN).astype(np.int64)
    return _counted(np.where(is_known, amount, 0.0), np.minimum(place + older, UNKNOWN), policy)


def _of_account(customers: Customers, policy: AffordabilityPolicy) -> Income:
    """What comes in on an account here: the lower of the lean month and the mean less a haircut for its spread."""
    mean, lean = customers.feature("income_mean_amt_6m"), customers.feature("income_p25_amt_6m")
    spread = np.nan_to_num(customers.feature("income_spread_ratio_6m"), nan=1.0)
    is_known = np.isfinite(mean) & np.isfinite(lean)
    is_known &= customers.feature("income_months_count_6m") >= policy.minimum_income_months_count
    less_spread = mean * np.clip(1.0 - policy.income_spread_haircut_ratio * spread, 0.0, 1.0)
    is_salary = customers.feature("salary_count_180d") >= REGULAR_SALARY_COUNT
    is_salary &= customers.feature("salary_recency_days") <= REGULAR_SALARY_DAYS
    place = np.where(is_known, np.where(is_salary, SALARIED, SEEN), UNKNOWN)
    return _counted(np.where(is_known, np.minimum(lean, less_spread), 0.0), place, policy)


def _counted(amount_amt: Floats, place: Ints, policy: AffordabilityPolicy) -> Income:
    shares = np.array([*policy.income_class_share_ratios, 0.0])
    return Income(amount_amt * shares[place], place)


def income_of(customers: Customers, policy: AffordabilityPolicy) -> Income:
    """The income of each customer by its best evidence: on file, or seen on an account here.

    The better class counts alone, so that money sent round through an account cannot outweigh a payslip; of
    the same class the lower amount counts. A higher amount of any evidence never lowers the income.
    """
    told, seen = _of_documents(customers, policy), _of_account(customers, policy)
    lower = np.minimum(told.cautious_amt, seen.cautious_amt)
    cautious = first_match(
        [told.place < seen.place, seen.place < told.place], [told.cautious_amt, seen.cautious_amt], lower
    )
    return Income(cautious, np.minimum(told.place, seen.place))
