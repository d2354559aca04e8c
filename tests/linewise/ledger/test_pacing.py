"""Spending ahead of the plan raises a price, spending behind lowers it, never beyond the bounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.ledger.budgets import Budget, Pot
from linewise.ledger.pacing import PacingPolicy, kept_ratio, pace_of

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
POLICY = PacingPolicy(gain=10.0, most_ratio=10.0, prior_ratio=0.05)


def a_budget(reserved_amt: int = 0, consumed_amt: int = 0, released_amt: int = 0, amount_amt: int = 1_000) -> Budget:
    pot = Pot(amount_amt, reserved_amt, consumed_amt, released_amt)
    return Budget("b", "exposure", BEGIN, BEGIN + timedelta(days=30), "", "b#1", pot, Pot(0))


@pytest.mark.parametrize(
    ("day", "consumed_amt", "multiplier"),
    [
        (0, 0, 1.0),
        (15, 500, 1.0),
        (15, 600, exp(1.0)),
        (15, 400, exp(-1.0)),
        (3, 900, 10.0),  # bounded
        (30, 0, 0.1),
        (45, 1_000, 1.0),  # after its end the plan is the whole
    ],
)
def test_the_price_follows_how_far_spending_is_from_its_plan(day: int, consumed_amt: int, multiplier: float):
    pace = pace_of(a_budget(consumed_amt=consumed_amt), BEGIN + timedelta(days=day), POLICY)
    assert pace.multiplier == pytest.approx(multiplier)


def test_of_what_is_reserved_counts_what_usually_comes_to_be_spent():
    assert kept_ratio(Pot(1_000), POLICY) == 1.0
    assert kept_ratio(Pot(1_000, 0, 150, 800), POLICY) == pytest.approx(0.2)
    pace = pace_of(a_budget(reserved_amt=500, consumed_amt=150, released_amt=800), BEGIN, POLICY)
    assert pace.spent_ratio == pytest.approx(0.25)


def test_a_pot_of_nothing_is_spent_from_its_first_moment():
    assert pace_of(a_budget(amount_amt=0), BEGIN, POLICY).multiplier == 10.0
    assert kept_ratio(Pot(0), POLICY) == 1.0


@given(
    amounts=st.tuples(st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 10_000)),
    more=st.integers(0, 100),
    seconds=st.integers(-100, 40 * 86_400),
)
def test_more_spent_never_lowers_a_price_and_no_price_leaves_its_bounds(
    amounts: tuple[int, int, int], more: int, seconds: int
):
    at = BEGIN + timedelta(seconds=seconds)
    budget = a_budget(*amounts, amount_amt=2_100)
    dearer = replace(budget, proposed=replace(budget.proposed, consumed_amt=amounts[1] + more))
    assert 0.1 <= pace_of(budget, at, POLICY).multiplier <= pace_of(dearer, at, POLICY).multiplier <= 10.0
