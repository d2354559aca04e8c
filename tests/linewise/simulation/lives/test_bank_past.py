from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from linewise.simulation.lives.living import Intervention, live
from linewise.simulation.lives.record import (
    DECISIONS,
    EXPOSURE,
    LIMIT_CHANGE,
    LIMIT_REASONS,
    LIMIT_REQUEST,
    OFFERS,
    PLAN,
    PLANS,
    REFUSALS,
    REQUESTS,
    STATUSES,
)
from linewise.simulation.world import World
from tests.linewise.simulation.lives.builders import Lived, lived_in

RULE, RANDOMISED = LIMIT_REASONS.index("rule"), LIMIT_REASONS.index("randomised")
ARM_FACTORS = {"LIMIT_HOLD": 1.0, "LIMIT_10": 1.1, "LIMIT_25": 1.25, "LIMIT_50": 1.5, "LIMIT_100": 2.0}
ARMS = {OFFERS.index(name): factor for name, factor in ARM_FACTORS.items()}
MONTH, HORIZON_MONTHS = 2, 10
SCREENING, FUTURES = range(1, 7), range(101, 109)


def test_the_arms_of_the_randomised_slice_are_equally_likely_and_logged_so(crowd: Lived) -> None:
    drawn = crowd.events(EXPOSURE, g=1)
    assert set(drawn["a"]) == set(ARMS)
    assert np.all(drawn["x"] == 0.2)
    assert np.all(crowd.lives.people["is_explored"][drawn["person"]] == 1)
    counts = np.bincount(drawn["a"] - min(ARMS), minlength=5)
    assert counts.sum() > 1000
    # Chi-square with four degrees of freedom: above 18.5 once in a thousand.
    assert (((counts - counts.mean()) ** 2) / counts.mean()).sum() < 18.5


def test_each_arm_of_the_slice_is_carried_out(crowd: Lived) -> None:
    drawn, changes = crowd.events(EXPOSURE, g=1), crowd.events(LIMIT_CHANGE, d=RANDOMISED)
    terms = crowd.world.profile.terms
    arms = {(person, at_s): ARMS[arm] for person, at_s, arm in drawn[["person", "at_s", "a"]].tolist()}
    factor = np.array([arms[who] for who in changes[["person", "at_s"]].tolist()])
    steps = np.floor(changes["a"] * factor / terms.limit_step_amt + 0.5)
    assert np.array_equal(changes["b"], np.minimum(steps * terms.limit_step_amt, terms.limit_most_amt).astype(np.int64))
    assert np.all(changes["x"] == 0.2)
    # One arm in five holds the limit; few are too near the bank's highest one, or a step, to be raised.
    assert 0.7 * len(drawn) < len(changes) <= 0.85 * len(drawn)


def test_those_in_the_slice_are_never_raised_by_the_rule_and_others_never_by_dice(crowd: Lived) -> None:
    is_explored = crowd.lives.people["is_explored"] == 1
    assert is_explored.mean() == pytest.approx(0.2, abs=0.02)
    assert not is_explored[crowd.events(LIMIT_CHANGE, d=RULE)["person"]].any()
    assert is_explored[crowd.events(LIMIT_CHANGE, d=RANDOMISED)["person"]].all()


def test_a_raise_by_the_rule_is_a_raise_of_good_standing_with_its_probability(crowd: Lived) -> None:
    raises = crowd.events(LIMIT_CHANGE, d=RULE)
    raises = raises[crowd.month_of(raises) >= 1]
    assert len(raises) > 300
    assert np.all(raises["b"] > raises["a"])
    assert np.all((raises["x"] > 0) & (raises["x"] < 1))
    before = crowd.lives.months[raises["person"], crowd.month_of(raises) - 1]
    assert np.all(before["bucket"] == 0)
    assert np.all(before["behaviour"] > 0)


@dataclass(frozen=True)
class Replayed:
    """One month's review thrown again and again, each customer from where they stood."""

    logged: NDArray[Any]  # (n_customers,) probability of a raise by what the engine knew
    is_raised: NDArray[Any]  # (n_futures, n_customers)
    misses: NDArray[Any]  # a payment within the horizon, had the limit been left alone; the same shape
    misses_seen: NDArray[Any]  # as it was

    def excess(self, chosen: NDArray[Any]) -> float:
        """How much more often the raised miss than the others even without their raise, the logged allowed for.

        What a naive estimate of the raise's effect is wrong by, after weighting by inverse probability.
        """
        raised, misses, logged = self.is_raised[:, chosen], self.misses[:, chosen], self.logged[chosen]
        given, held = raised / logged, ~raised / (1.0 - logged)
        return float((given * misses).sum() / given.sum() - (held * misses).sum() / held.sum())


def rule_raises(world: World, numbers: NDArray[Any], action: Intervention) -> tuple[NDArray[Any], NDArray[Any]]:
    """The logged probability of those raised in the month, NaN for others; and who misses within the horizon."""
    extra = MONTH + HORIZON_MONTHS - world.month_count
    bank = Lived(world, live(world, numbers, intervention=action, with_postings=False, extra_months=extra))
    raises = bank.events(LIMIT_CHANGE, d=RULE, c=1)
    raises = raises[(bank.month_of(raises) == MONTH) & ~np.isnan(raises["x"])]
    logged = np.full(len(numbers), np.nan)
    logged[raises["person"]] = raises["x"]
    return logged, (bank.lives.months["bucket"][:, MONTH:] >= 1).any(axis=1)


@pytest.fixture(scope="module")
def replayed() -> dict[float, Replayed]:
    return {confounding: replay(confounding) for confounding in (0.0, 1.5)}


def replay(confounding: float) -> Replayed:
    world = World(month_count=4, seed=1, hidden_confounding=confounding)
    people = lived_in(World(month_count=2, seed=1), 80_000, with_postings=False).lives.people
    is_due = (world.surroundings["first_month"][0] + MONTH + people["cycle_day"]) % 6 == 0
    numbers = people["number"][is_due]
    # The probability is told of those who are raised: other futures than the judged ones tell it of most.
    known = np.full(len(numbers), np.nan)
    for future in SCREENING:
        logged, _ = rule_raises(world, numbers, Intervention(MONTH, future=future))
        known = np.where(np.isnan(known), logged, known)
    numbers, known = numbers[~np.isnan(known)], known[~np.isnan(known)]
    seen = [rule_raises(world, numbers, Intervention(MONTH, future=future)) for future in FUTURES]
    held = [rule_raises(world, numbers, Intervention(MONTH, 1.0, future=future)) for future in FUTURES]
    is_raised = np.array([~np.isnan(logged) for logged, _ in seen])
    return Replayed(
        known, is_raised, np.array([missed for _, missed in held]), np.array([missed for _, missed in seen])
    )


def deviation(one: Replayed) -> float:
    """Of the raises from what was logged, in standard errors."""
    spread = np.sqrt(len(FUTURES) * (one.logged * (1 - one.logged)).sum())
    return float((one.is_raised.sum() - len(FUTURES) * one.logged.sum()) / spread)


def test_without_hidden_confounding_raises_come_as_often_as_logged(replayed: dict[float, Replayed]) -> None:
    assert len(replayed[0.0].logged) > 300
    assert abs(deviation(replayed[0.0])) < 4
    assert abs(deviation(replayed[1.5])) > 10


def test_hidden_confounding_makes_raises_look_safer_than_they_are(replayed: dict[float, Replayed]) -> None:
    rng = np.random.default_rng(0)
    wrong, spread = {}, {}
    for confounding, one in replayed.items():
        n = len(one.logged)
        wrong[confounding] = one.excess(np.arange(n))
        spread[confounding] = np.std([one.excess(rng.integers(0, n, n)) for _ in range(100)])
    assert abs(wrong[0.0]) < 3 * spread[0.0]
    assert wrong[1.5] < -2 * spread[1.5]
    assert wrong[1.5] < wrong[0.0]
    # The raise itself, in one and the same future, makes no payment likelier.
    one = replayed[1.5]
    assert one.misses_seen[one.is_raised].mean() >= one.misses[one.is_raised].mean()


def test_what_is_asked_for_is_answered_by_the_words_of_the_contract(lived: Lived) -> None:
    asked = lived.events(LIMIT_REQUEST)
    asked = asked[asked["a"] != REQUESTS.index("cash")]
    refused, withdrawn = asked["e"] == DECISIONS.index("refused"), asked["e"] == DECISIONS.index("withdrawn")
    assert all(np.any(asked["e"] == code) for code in range(len(DECISIONS)))
    assert np.all((asked["f"] >= 0) == refused)
    assert asked["f"].max() < len(REFUSALS)
    assert np.all((asked["d"] > 0) == ~(refused | withdrawn))
    countered = asked[asked["e"] == DECISIONS.index("countered")]
    assert np.all(countered["c"] <= countered["b"])


def test_a_limit_that_was_asked_for_and_granted_is_in_the_books(lived: Lived) -> None:
    asked = lived.events(LIMIT_REQUEST, a=REQUESTS.index("increase"))
    granted = asked[asked["d"] > 0]
    changes = lived.events(LIMIT_CHANGE, d=LIMIT_REASONS.index("request"))
    assert len(granted) > 50
    done = set(changes[["person", "at_s", "b"]].tolist())
    most = lived.world.profile.terms.limit_most_amt
    for person, at_s, taken in granted[["person", "at_s", "d"]].tolist():
        assert (person, at_s, taken) in done or taken >= most


def test_a_loan_is_paid_down_to_nothing_and_says_how_it_stands(lived: Lived) -> None:
    loans = lived.events(PLAN, a=PLANS.index("loan"))
    assert len(loans) > 100
    assert np.all((loans["e"] >= 0) & (loans["e"] <= loans["b"]))
    settled = loans["f"] == STATUSES.index("settled")
    assert settled.any()
    assert not loans["e"][settled].any()
    assert np.all(loans["d"] * loans["c"] > loans["b"])
    assert np.all(loans["g"] <= lived.world.calendar.data_until_s)
