"""Schedules to the minor unit: what is paid sums to what is owed, level or with a flat fee."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.plans import (
    affordable_amount,
    annualised_rate,
    flat_plans,
    flat_schedule_of,
    level_plans,
    schedule_of,
)

RATES = st.sampled_from([0.0, 0.001, 0.06, 0.149, 0.1825, 0.24])


def amounts(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_without_interest_the_amount_is_spread_evenly():
    payment, last, total = level_plans(amounts(100_001), 0.0, amounts(10))
    assert (payment[0, 0], last[0, 0], total[0, 0]) == (10_001, 100_001 - 9 * 10_001, 100_001)
    assert annualised_rate(amounts(100_001)[:, None], payment, last, amounts(10))[0, 0] == pytest.approx(0, abs=1e-9)


@given(amount=st.integers(1_000, 10**10), term=st.integers(1, 60), rate=RATES)
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


@given(amount=st.integers(1, 10**10), term=st.integers(1, 60), fee=st.floats(0, 0.02))
def test_a_plan_with_a_flat_fee_sums_to_the_cent_and_its_last_payment_is_never_larger(
    amount: int, term: int, fee: float
):
    payment, last, total = flat_plans(amounts(amount), np.array([fee]), amounts(term))
    lines = flat_schedule_of(amount, fee, term, date(2026, 1, 31))
    assert sum(line.principal_amt for line in lines) == amount
    assert sum(line.payment_amt for line in lines) == total[0, 0]
    assert lines[0].payment_amt <= payment[0, 0]
    assert lines[-1].payment_amt == last[0, 0] <= payment[0, 0]
    assert all(line.payment_amt <= payment[0, 0] for line in lines)
    assert lines[-1].remaining_amt == 0


@given(amount=st.integers(10_000, 10**9), term=st.integers(2, 60), rate=st.floats(0.0, 0.3), more=st.floats(0.0, 0.2))
def test_a_higher_rate_never_lowers_a_payment_or_the_cost(amount: int, term: int, rate: float, more: float):
    cheap, _, cheap_total = level_plans(amounts(amount), rate, amounts(term))
    dear, _, dear_total = level_plans(amounts(amount), rate + more, amounts(term))
    assert dear[0, 0] >= cheap[0, 0]
    # Rounding of a month's interest may move a total by half a minor unit a month.
    assert dear_total[0, 0] >= cheap_total[0, 0] - term


@given(rates=st.lists(st.sampled_from([0.0, 0.12, 0.149]), min_size=2, max_size=4))
def test_each_customer_has_a_rate_of_their_own(rates: list[float]):
    owed = amounts(*(1_000_000 + row for row in range(len(rates))))
    together = level_plans(owed, np.array(rates), amounts(3, 12, 60))
    for row, rate in enumerate(rates):
        alone = level_plans(owed[row : row + 1], rate, amounts(3, 12, 60))
        assert all((one[row] == other[0]).all() for one, other in zip(together, alone, strict=True))


@given(budget=st.integers(0, 10**9), term=st.sampled_from([12, 36, 60]), rate=st.sampled_from([0.0, 0.149, 0.24]))
def test_the_affordable_amount_is_the_largest_whose_payment_fits_the_budget_but_for_the_rounding(
    budget: int, term: int, rate: float
):
    amount = affordable_amount(amounts(budget), rate, term)
    fits, _, _ = level_plans(amount, rate, amounts(term))
    too_much, _, _ = level_plans(amount + 3 * term + 3, rate, amounts(term))
    assert fits[0, 0] <= max(budget, 0)
    assert budget < too_much[0, 0]


def test_a_due_date_falls_on_the_last_day_of_a_short_month():
    days = [line.due_on for line in schedule_of(100_000, 33_890, 0.1, 3, date(2026, 1, 31))]
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
