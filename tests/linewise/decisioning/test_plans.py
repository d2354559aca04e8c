"""Plans to the cent: what is paid sums to what is owed, and the displayed rate never understates."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.plans import (
    PlanPolicy,
    affordable_amount,
    annualised_rate,
    annuity_factor,
    level_plans,
    offer_plans,
    priced_terms,
    round_rate_up,
    schedule_of,
)
from linewise.decisioning.rule import Hits

POLICY = PlanPolicy(term_months=(12, 24, 36, 48, 60), reference_term_months=36, annual_rate_ratio=0.149, shown_count=3)


BUDGETS = np.array([10**9, 125_000, 1_000, 10**9])


def no_hits(count: int) -> Hits:
    """Of no rule at all."""
    none = np.zeros((count, 5, 0))
    return Hits((), none.astype(bool), none, none, (), none)


def amounts(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("term", "flat_fee", "simple", "effective"),
    [
        # Published: equal principal parts and a flat fee on the original principal, by internal rate of return.
        (12, 0.0060, 0.1303, 0.1384),
        (6, 0.0075, 0.1527, 0.1638),
        (24, 0.0065, 0.1433, 0.1530),
        (3, 0.0095, 0.1702, 0.1841),
        (60, 0.0060, 0.1283, 0.1361),
    ],
)
def test_the_annualised_rate_of_a_flat_fee_is_the_published_one(term, flat_fee, simple, effective):
    owed = amounts(1_200_000_000)
    payment = np.rint(owed / term + owed * flat_fee).astype(np.int64)
    rate = annualised_rate(owed, payment, payment, amounts(term))[0]
    assert rate == pytest.approx(simple, abs=5e-5)
    assert (1 + rate / 12) ** 12 - 1 == pytest.approx(effective, abs=5e-5)


@pytest.mark.parametrize(("term", "payment"), [(12, 888.5), (24, 470.7), (36, 332.1), (60, 222.4)])
def test_the_level_payment_of_ten_thousand_at_twelve_per_cent_is_the_published_one(term, payment):
    assert annuity_factor(0.12, amounts(term))[0] * 10_000 == pytest.approx(payment, abs=0.05)


def test_without_interest_the_amount_is_spread_evenly():
    payment, last, total = level_plans(amounts(100_001), 0.0, amounts(10))
    assert (payment[0, 0], last[0, 0], total[0, 0]) == (10_001, 100_001 - 9 * 10_001, 100_001)
    assert annualised_rate(amounts(100_001)[:, None], payment, last, amounts(10))[0, 0] == pytest.approx(0, abs=1e-9)


@given(
    amount=st.integers(1_000, 10**10),
    term=st.integers(1, 60),
    rate=st.sampled_from([0.0, 0.001, 0.06, 0.149, 0.1825, 0.24]),
)
def test_every_schedule_sums_to_the_cent_and_agrees_with_the_plan(amount: int, term: int, rate: float):
    payment, last, total = level_plans(amounts(amount), rate, amounts(term))
    lines = schedule_of(amount, int(payment[0, 0]), rate, term, date(2026, 1, 31))
    assert sum(line.principal_amt for line in lines) == amount
    assert sum(line.payment_amt for line in lines) == total[0, 0]
    assert lines[-1].payment_amt == last[0, 0]
    assert lines[-1].remaining_amt == 0
    assert all(line.payment_amt == line.interest_amt + line.principal_amt for line in lines)
    assert all(line.payment_amt <= payment[0, 0] for line in lines)
    assert all(0 <= line.remaining_amt <= amount for line in lines)


@given(amount=st.integers(100_000, 10**10), term=st.integers(1, 60), rate=st.sampled_from([0.01, 0.149, 0.24]))
def test_the_displayed_rate_never_understates_what_is_paid(amount: int, term: int, rate: float):
    payment, last, _ = level_plans(amounts(amount), rate, amounts(term))
    exact = annualised_rate(amounts(amount)[:, None], payment, last, amounts(term))[0, 0]
    assert exact == pytest.approx(rate, abs=2e-4)
    assert round_rate_up(np.array([exact]))[0] >= exact - 1e-9


@pytest.mark.parametrize(("exact", "shown"), [(0.149, 0.149), (0.14900001, 0.1491), (0.13031, 0.1304), (0.0, 0.0)])
def test_a_rate_is_rounded_up_at_a_hundredth_of_a_per_cent(exact: float, shown: float):
    assert round_rate_up(np.array([exact]))[0] == pytest.approx(shown)


@given(budget=st.integers(0, 10**9), term=st.sampled_from([12, 36, 60]), rate=st.sampled_from([0.0, 0.149, 0.24]))
def test_the_affordable_amount_is_the_largest_whose_payment_fits_the_budget_but_for_the_rounding(
    budget: int, term: int, rate: float
):
    amount = affordable_amount(amounts(budget), rate, term)
    fits, _, _ = level_plans(amount, rate, amounts(term))
    too_much, _, _ = level_plans(amount + 3 * term + 3, rate, amounts(term))
    assert fits[0, 0] <= max(budget, 0)
    assert budget < too_much[0, 0]


def test_the_shortest_terms_that_the_budget_bears_are_shown():
    owed = amounts(3_600_000, 3_600_000, 3_600_000, 0)
    plans = offer_plans(priced_terms(owed, POLICY), BUDGETS, POLICY, no_hits(4), np.zeros((4, 5), dtype=bool))
    assert plans.is_shown.tolist() == [
        [True, True, True, False, False],
        [False, False, True, True, True],
        [False] * 5,
        [False] * 5,
    ]


def test_a_term_that_a_rule_takes_away_makes_room_for_the_next():
    owed = amounts(3_600_000, 3_600_000)
    taken = np.array([[False, True, False, False, False], [True] * 5])
    plans = offer_plans(priced_terms(owed, POLICY), BUDGETS[:1].repeat(2), POLICY, no_hits(2), taken)
    assert plans.is_shown.tolist() == [[True, False, True, True, False], [False] * 5]


def test_a_due_date_falls_on_the_last_day_of_a_short_month():
    days = [line.due_on for line in schedule_of(100_000, 33_890, 0.1, 3, date(2026, 1, 31))]
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
