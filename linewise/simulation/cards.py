"""Credit cards: who took which one and when, and how they pay it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.days import DATA_UNTIL_US, DAY_US, FIRST_DAY, LAST_DAY, local_us
from linewise.simulation.loans import DEFAULTED, Loans, due_day
from linewise.simulation.people import People

__all__ = [
    "CLASSIC",
    "GOLD",
    "GOLD_FROM_INCOME_AMT",
    "JUNIOR",
    "JUNIOR_UNTIL_AGE",
    "NEVER_US",
    "PRODUCTS",
    "Cards",
    "draw_cards",
]

PRODUCTS = ("card_junior", "card_classic", "card_gold")
JUNIOR, CLASSIC, GOLD = range(3)
NEVER_US = DATA_UNTIL_US + 100 * 365 * DAY_US

JUNIOR_UNTIL_AGE = 25
GOLD_FROM_INCOME_AMT = 1_400_000
_MINIMUM_AGE = 18


@dataclass(frozen=True, slots=True)
class Cards:
    """At most one card a customer, (n_customers,).

    opened_us is NEVER_US for those without one; from blocked_us, after a loan's default, nothing can be
    bought with it. pays_share: the part of a bill that is paid, 1 for those who always pay in full.
    forgets: the chance that a bill is not paid in time. routed: the share of purchases on the card.
    """

    opened_us: Ints
    product: Ints
    limit_amt: Ints
    raised_us: Ints
    raised_limit_amt: Ints
    blocked_us: Ints
    pays_share: Floats
    forgets: Floats
    routed: Floats

    def is_held(self, moment_us: int | Ints) -> NDArray[np.bool_]:
        """Whether the card is open at that moment, (n_customers,)."""
        return np.asarray(self.opened_us <= moment_us, dtype=np.bool_)

    def limit_at(self, moment_us: int) -> Ints:
        """The limit in force at that moment, minor units, 0 before the card."""
        limit = np.where(self.raised_us <= moment_us, self.raised_limit_amt, self.limit_amt)
        return np.where(self.is_held(moment_us), limit, 0)


def draw_cards(people: People, loans: Loans, chance: Chance) -> Cards:
    """When each customer took a card, from a constant hazard that their traits set.

    Those who shop much and online, earn more and are younger take one sooner; nobody gets one after they
    stopped paying a loan.
    """
    number = people.number
    online = people.taste[:, 2] + people.taste[:, 9] + people.taste[:, 10]
    appetite = (
        -1.6
        + 2.2 * np.log(people.purchases_a_month / 7)
        + 3.0 * (online - 0.22)
        + 1.2 * np.log(people.income_amt / 800_000)
        + 0.3 * people.impatience
        - 0.035 * (people.age_years(LAST_DAY) - 35)
    )
    waited_days = -np.log(chance.uniform("card wait", number)) / np.exp(appetite) * 365
    start = np.where(chance.happens(0.35, "long a card", number), FIRST_DAY - 700, FIRST_DAY)
    start = np.maximum(np.maximum(start, people.since_day + 10), people.birth_day + int(_MINIMUM_AGE * 365.2425) + 1)
    opened_day = np.floor(np.minimum(start + waited_days, LAST_DAY + 1e6)).astype(np.int64)
    opened_us = local_us(opened_day, 9 + 12 * chance.uniform("card hour", number))
    stopped_day = np.where(loans.first_missed > 0, due_day(loans.opened_day, loans.first_missed), LAST_DAY + 1)
    has_card = (opened_day < LAST_DAY) & (opened_day < stopped_day)

    is_defaulted = loans.is_granted & (loans.status == DEFAULTED)
    age = people.age_years(opened_day)
    is_gold = (people.income_amt >= GOLD_FROM_INCOME_AMT) & chance.happens(0.6, "gold", number)
    product = np.where(age < JUNIOR_UNTIL_AGE, JUNIOR, np.where(is_gold, GOLD, CLASSIC))
    incomes = np.array([0.8, 1.5, 3.0])[product] * (0.8 + 0.4 * chance.uniform("card limit", number))
    limit = np.maximum(np.rint(people.income_amt * incomes / 100_000), 1).astype(np.int64) * 100_000
    raised_day = opened_day + 200 + chance.between(0, 300, "raise day", number)
    is_raised = has_card & (raised_day < np.minimum(stopped_day, LAST_DAY)) & chance.happens(0.35, "raised", number)
    pays_in_full = chance.happens(1 / (1 + np.exp(people.impatience - 0.3)), "pays in full", number)
    return Cards(
        opened_us=np.where(has_card, opened_us, NEVER_US),
        product=product,
        limit_amt=limit,
        raised_us=np.where(is_raised, local_us(raised_day, 10.0), NEVER_US),
        raised_limit_amt=np.rint(limit * 1.3 / 100_000).astype(np.int64) * 100_000,
        blocked_us=np.where(is_defaulted, local_us(stopped_day + 90), NEVER_US),
        pays_share=np.where(pays_in_full, 1.0, 0.12 + 0.4 * chance.uniform("pays share", number)),
        forgets=np.clip(0.02 * np.exp(0.7 * people.risk), 0.002, 0.3),
        routed=0.3 + 0.4 * chance.uniform("routed", number),
    )
