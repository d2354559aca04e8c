"""Who the customers are: traits that drive everything they do, and that no contract table shows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.days import FIRST_DAY, LAST_DAY, MONTHS, local_us

__all__ = ["MERCHANT_GROUPS", "MerchantGroup", "People", "draw_people"]


@dataclass(frozen=True, slots=True)
class MerchantGroup:
    """A kind of shop: its MCC, how common it is, its usual ticket beside the mean one, where it is paid."""

    mcc: str
    weight: float
    ticket_ratio: float
    online_ratio: float
    abroad_ratio: float


MERCHANT_GROUPS = (
    MerchantGroup("5411", 5.0, 0.6, 0.2, 0.0),
    MerchantGroup("5812", 5.0, 0.6, 0.4, 0.01),
    MerchantGroup("5999", 4.0, 1.0, 1.0, 0.03),
    MerchantGroup("5311", 1.5, 1.5, 0.1, 0.02),
    MerchantGroup("5541", 1.0, 1.3, 0.0, 0.0),
    MerchantGroup("4111", 3.0, 0.1, 0.3, 0.0),
    MerchantGroup("4814", 0.8, 0.4, 1.0, 0.0),
    MerchantGroup("8062", 0.4, 2.0, 0.1, 0.0),
    MerchantGroup("8220", 0.2, 6.0, 0.5, 0.0),
    MerchantGroup("4511", 0.25, 6.0, 0.9, 0.15),
    MerchantGroup("7011", 0.25, 3.0, 0.7, 0.15),
    MerchantGroup("5944", 0.1, 8.0, 0.1, 0.05),
)


@dataclass(frozen=True, slots=True)
class People:
    """Latent traits, one row a customer, (n_customers,) except where an axis is named.

    number: of the customer, from 1. birth_day, since_day: days since 1970. first_month: index of the first
    month with an account. income_amt: usual monthly income. steadiness (0-1): of that income.
    impatience, risk, sociability: about standard normal. buffer_months: what they like to keep, in
    incomes. taste (n_customers, n_groups): weights of the merchant groups.
    """

    number: Ints
    birth_day: Ints
    since_day: Ints
    first_month: Ints
    is_student: NDArray[np.bool_]
    is_pensioner: NDArray[np.bool_]
    is_self_employed: NDArray[np.bool_]
    income_amt: Ints
    steadiness: Floats
    payday: Ints
    impatience: Floats
    risk: Floats
    buffer_months: Floats
    purchases_a_month: Floats
    taste: Floats
    rent_amt: Ints
    household_amt: Ints
    insurance_amt: Ints
    leasing_amt: Ints

    def __len__(self) -> int:
        return len(self.number)

    @property
    def opened_us(self) -> Ints:
        """When each current account was opened, (n_customers,): at nine on the first day."""
        return local_us(self.since_day, 9.0)

    def age_years(self, day: int | Ints) -> Floats:
        """Age on a day (since 1970), in years."""
        return (day - self.birth_day) / 365.2425


def draw_people(number: Ints, chance: Chance) -> People:
    """The customers of those numbers. Each row is a function of the seed and its own number only."""
    birth_day = np.floor(LAST_DAY - 365.2425 * (18.3 + 52.0 * chance.uniform("age", number) ** 1.6)).astype(np.int64)
    age = (LAST_DAY - birth_day) / 365.2425
    is_student = (age < 24) & chance.happens(0.6, "student", number)
    is_pensioner = age >= 61
    is_self_employed = ~is_student & ~is_pensioner & chance.happens(0.18, "self-employed", number)
    steadiness = np.clip(
        0.85 - 0.35 * is_self_employed - 0.25 * is_student + 0.12 * chance.normal("steadiness", number), 0.1, 0.99
    )
    impatience = chance.normal("impatience", number)
    risk = 0.8 * impatience + 2.0 * (0.8 - steadiness) + 0.4 * chance.normal("hidden risk", number)
    career = np.where(is_student, 0.35, np.where(is_pensioner, 0.6, np.clip(0.7 + (age - 22) / 35, 0.7, 1.3)))
    income = 9_000 * career * np.exp(0.4 * chance.normal("income", number))
    income_amt = np.rint(np.maximum(income, 1_800) / 10).astype(np.int64) * 1_000
    is_new = chance.happens(0.35, "new", number)
    first_month = np.where(is_new, chance.between(0, 6, "first month", number), 0)
    first_day_of_month = np.array([month.first_day for month in MONTHS])
    long_ago = FIRST_DAY - chance.between(90, 3_000, "since", number)
    return People(
        number=number,
        birth_day=birth_day,
        since_day=np.where(is_new, first_day_of_month[first_month], long_ago),
        first_month=first_month,
        is_student=is_student,
        is_pensioner=is_pensioner,
        is_self_employed=is_self_employed,
        income_amt=income_amt,
        steadiness=steadiness,
        payday=np.array([5, 8, 10, 15, 25])[chance.between(0, 4, "payday", number)],
        impatience=impatience,
        risk=risk,
        buffer_months=np.clip(np.exp(-1.0 * impatience + 0.3 * chance.normal("buffer", number)), 0.05, 5.0),
        purchases_a_month=np.clip(7.0 * np.exp(0.35 * chance.normal("activity", number) + 0.1 * impatience), 2, 25),
        taste=_tastes(number, chance),
        rent_amt=_share(income_amt, 0.15, 0.30, "rent", 0.45, number, chance),
        household_amt=_share(income_amt, 0.02, 0.06, "household", 0.85, number, chance),
        insurance_amt=_share(income_amt, 0.01, 0.04, "insurance", 0.40, number, chance),
        leasing_amt=_share(income_amt, 0.06, 0.12, "leasing", 0.10, number, chance),
    )


def _tastes(number: Ints, chance: Chance) -> Floats:
    groups = np.arange(len(MERCHANT_GROUPS))
    common = np.array([group.weight for group in MERCHANT_GROUPS])
    weights = common * np.exp(0.6 * chance.normal("taste", number[:, None], groups[None, :]))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def _share(
    income_amt: Ints, low: float, high: float, purpose: str, having_it: float, number: Ints, chance: Chance
) -> Ints:
    """A monthly order of a share of income, in whole yuan, 0 for those without one."""
    share = low + (high - low) * chance.uniform(f"{purpose} share", number)
    amount = np.rint(income_amt * share / 100).astype(np.int64) * 100
    return np.where(chance.happens(having_it, f"has {purpose}", number), amount, 0)
