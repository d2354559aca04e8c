"""What helps who cannot pay, in the truth of the simulated bank: a lower rate does, a stretch of the term does not.

The same customers, with the same dice, agree in hardship on plans that differ in nothing but rate or term; what they
do afterwards is lived by the bank's own equations, of which the ladder knows nothing.
"""

from functools import cache

import numpy as np
import pytest

from linewise.decisioning.hardship import breaking_ratio
from linewise.simulation.calendar import EXTRA_MONTHS
from linewise.simulation.lives.living import live
from linewise.simulation.lives.parameters import plan_rate
from linewise.simulation.lives.record import PLAN, PLANS
from linewise.simulation.truth import DEFAULT_BUCKET
from linewise.simulation.world import World
from tests.builders import a_policy

pytestmark = pytest.mark.soak

CUSTOMERS, FOLLOWED_MONTHS, MONTH_S = 12_000, 60, 30.4375 * 86_400
PERSONAL = PLANS.index("art70")
FEE = 0.009
"""A month, of the principal: about the card's own rate of 18.25% a year."""


@cache
def lived(term_months: int, fee_ratio: float) -> tuple[dict[int, bool], dict[int, tuple[int, float]]]:
    """Of each customer who agreed on a plan: whether they fell into default within five years, debt and income then."""
    world = World(name="downturn", customer_count=CUSTOMERS, month_count=48, seed=5)
    # Hardship is agreed on often, so that there are enough plans; what follows from one is left as it is.
    equations = world.equations.copy()
    equations["hardship_rate"] = 0.6
    equations["plan_terms"][0][1], equations["plan_fee_ratios"][0][1] = term_months, fee_ratio
    world.__dict__["equations"] = equations
    lives = live(world, np.arange(CUSTOMERS), with_postings=False, extra_months=EXTRA_MONTHS)
    agreed = lives.events[(lives.events["kind"] == PLAN) & (lives.events["a"] == PERSONAL)]
    first_s, broke, stood = int(world.surroundings["first_s"][0]), {}, {}
    for one in agreed:
        person, month = int(one["person"]), int((one["at_s"] - first_s) // MONTH_S)
        is_followed = 0 <= month <= lives.months.shape[1] - FOLLOWED_MONTHS - 2
        if person not in broke and is_followed:
            after = lives.months["bucket"][person, month + 2 : month + 2 + FOLLOWED_MONTHS]
            broke[person] = bool((after >= DEFAULT_BUCKET).any())
            stood[person] = int(one["b"]), float(lives.months["income_amt"][person, month])
    return broke, stood


def difference(one: tuple[int, float], other: tuple[int, float]) -> tuple[float, float]:
    """How many more defaults the second plan brings the same customers than the first, and its standard error."""
    first, second = lived(*one)[0], lived(*other)[0]
    both = sorted(set(first) & set(second))
    assert len(both) > 500
    paired = np.array([float(second[person]) - float(first[person]) for person in both])
    return float(paired.mean()), float(paired.std() / np.sqrt(len(paired)))


@pytest.mark.parametrize("fee", [FEE, 0.0])
def test_a_mere_stretch_of_the_term_does_not_help(fee: float) -> None:
    more, error = difference((36, fee), (60, fee))
    assert more > 2 * error


@pytest.mark.parametrize("term", [36, 60])
def test_a_lower_rate_helps(term: int) -> None:
    more, error = difference((term, FEE), (term, 0.0))
    assert more < -2 * error


def test_of_two_ways_to_about_the_same_payment_the_lower_rate_is_the_better_one() -> None:
    assert pytest.approx(1 / 60 + FEE, rel=0.1) == 1 / 36
    more, error = difference((36, 0.0), (60, FEE))
    assert more > 2 * error


def test_the_ladder_ranks_the_plans_as_the_truth_does() -> None:
    plans = [(36, 0.0), (36, FEE), (60, 0.0), (60, FEE)]
    _, stood = lived(36, FEE)
    debts, incomes = (np.array(column) for column in zip(*stood.values(), strict=True))
    owed, bears, pd_12m = debts.astype(np.int64), (0.5 * incomes).astype(np.int64), np.full(len(debts), 0.15)

    def expected(term: int, fee: float) -> float:
        rate, terms = np.full(len(owed), plan_rate(term, fee)), np.full(len(owed), term)
        return float(breaking_ratio(owed, rate, terms, bears, pd_12m, a_policy().decision.hardship).mean())

    truth = [np.mean(list(lived(*plan)[0].values())) for plan in plans]
    ours = [expected(*plan) for plan in plans]
    assert np.argsort(ours).tolist() == np.argsort(truth).tolist()
