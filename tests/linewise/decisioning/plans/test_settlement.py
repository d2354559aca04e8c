"""Early settlement: the published prices of it, and what it saves, month by month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.plans import flat_schedule_of, schedule_of, settlements_of
from linewise.decisioning.plans.settlement import NOTHING, PENALTY, REMAINING_FEES

TODAY = date(2026, 11, 23)
OWED = 1_200_000_000


def after(months: int, term: int, fee: float, terms: str):
    lines = flat_schedule_of(OWED, fee, term, TODAY)
    return next(one for one in settlements_of(OWED, lines, terms, 0.03) if one.after_months == months)


@pytest.mark.parametrize(
    ("term", "fee", "terms", "rate"),
    [
        (12, 0.0060, REMAINING_FEES, 0.308),
        (12, 0.0060, PENALTY, 0.175),
        (12, 0.0060, NOTHING, 0.079),
        (24, 0.0065, REMAINING_FEES, 0.622),
        (24, 0.0065, PENALTY, 0.189),
        (24, 0.0065, NOTHING, 0.081),
    ],
)
def test_a_plan_settled_after_three_payments_costs_a_year_what_is_published(term, fee, terms, rate):
    assert after(3, term, fee, terms).annualised_rate_ratio == pytest.approx(rate, abs=6e-4)


@pytest.mark.parametrize("terms", [NOTHING, PENALTY, REMAINING_FEES])
def test_what_is_paid_until_then_is_the_principal_and_the_cost_that_is_told(terms: str):
    lines = flat_schedule_of(OWED, 0.0065, 24, TODAY)
    for one in settlements_of(OWED, lines, terms, 0.03):
        paid = sum(line.payment_amt for line in lines[: one.after_months]) + one.payoff_amt
        assert paid == OWED + one.total_cost_amt
        assert one.saved_amt == sum(line.interest_amt for line in lines) - one.total_cost_amt


@given(
    owed=st.integers(50_000, 10**9),
    term=st.integers(7, 60),
    terms=st.sampled_from([PENALTY, REMAINING_FEES]),
    penalty=st.floats(0.001, 0.1),
    is_flat=st.booleans(),
)
def test_the_later_a_plan_is_settled_the_less_is_charged_for_it(owed, term, terms, penalty, is_flat):
    lines = (
        flat_schedule_of(owed, 0.006, term, TODAY) if is_flat else schedule_of(owed, -(-owed // term), 0.0, term, TODAY)
    )
    charges = [one.charge_amt for one in settlements_of(owed, lines, terms, penalty)]
    assert charges == sorted(charges, reverse=True)


def test_with_nothing_charged_who_settles_early_saves_all_interest_that_was_to_come():
    lines = schedule_of(1_000_000, 89_318, 0.13, 12, TODAY)
    found = settlements_of(1_000_000, lines, NOTHING, 0.03)
    assert [one.after_months for one in found] == [1, 3, 6]
    assert [one.saved_amt for one in found] == [sum(line.interest_amt for line in lines[n:]) for n in (1, 3, 6)]
    assert all(one.annualised_rate_ratio == pytest.approx(0.13, abs=2e-4) for one in found)


def test_a_plan_that_ends_before_has_no_early_settlement():
    assert [one.after_months for one in settlements_of(300, schedule_of(300, 100, 0.0, 3, TODAY), NOTHING, 0)] == [1]
