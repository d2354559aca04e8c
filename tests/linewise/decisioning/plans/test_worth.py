"""The worth of a term: interest for longer, risk for longer, an easier month; never simply the longest."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.plans import level_plans
from linewise.decisioning.plans.outstanding import owed_share_months
from linewise.decisioning.plans.showing import best_terms, taken
from linewise.decisioning.plans.uses import with_plan
from linewise.decisioning.plans.worth import PlanCase, plan_worth
from tests.builders import FixedScorers, a_policy, decided, some_customers

POLICY = a_policy().decision
TERMS = POLICY.plan.terms
RATE = 0.13


def case(room_amt: int = 300_000, pd_12m: float = 0.05, share: float = 0.06, amount_amt: int = 1_200_000) -> PlanCase:
    payment, _, _ = level_plans(np.array([amount_amt]), RATE, TERMS)
    return PlanCase(
        amount_amt=np.array([amount_amt]),
        room_amt=np.array([room_amt]),
        due_now_amt=np.array([amount_amt // 20]),
        own_share_ratio=np.array([share]),
        pd_12m=np.array([pd_12m]),
        term_months=TERMS,
        payment_amt=payment,
        rate_ratio=np.full(payment.shape, RATE),
        burden_hazard=0.8,
    )


def worth(one: PlanCase) -> list[float]:
    return plan_worth(one, POLICY.economics, np.zeros(1))[0].tolist()


@pytest.mark.parametrize(("rate", "term"), [(0.0, 12), (0.13, 12), (0.13, 60)])
def test_what_is_owed_in_the_first_months_is_that_of_the_schedule(rate: float, term: int):
    balance, total = 1.0, 0.0
    payment = float(level_plans(np.array([10**12]), rate, np.array([term]))[0][0, 0]) / 10**12
    for _ in range(min(term, 12)):
        total += balance
        balance = balance * (1 + rate / 12) - payment
    found = owed_share_months(np.array([rate]), np.array([term]), np.array([min(term, 12)]))
    assert found[0] == pytest.approx(total, abs=1e-6)


def test_a_safe_customer_is_worth_more_the_longer_and_a_risky_one_the_shorter():
    safe, risky = worth(case(pd_12m=0.01)), worth(case(pd_12m=0.4, share=0.3))
    assert safe == sorted(safe)
    assert risky == sorted(risky, reverse=True)


@given(pd_12m=st.floats(0.001, 0.2), more=st.floats(0.0, 0.1), room=st.integers(400_000, 10**6))
def test_a_riskier_customer_in_a_plan_is_worth_less_the_longer_it_lasts(pd_12m: float, more: float, room: int):
    """What a longer term adds falls with the risk: each month more is a month at risk."""
    one, other = (np.diff(worth(case(room, pd, share=1.0))) for pd in (pd_12m, pd_12m + more))
    assert (other[4:] <= one[4:] + 1.0).all()


def test_a_plan_is_broken_within_a_year_only_while_it_lasts():
    one = case()
    breaks = np.array(
        [
            with_plan(1_200_000.0, float(term), RATE, float(payment), 60_000.0, 300_000.0, 0.05, one.burden_hazard)[-1]
            for term, payment in zip(TERMS, one.payment_amt[0], strict=True)
        ]
    )
    within_a_year = TERMS <= 12
    assert (np.diff(breaks[within_a_year]) > 0).all()
    # Beyond a year all are at risk for twelve months, and the lower payment eases the month.
    assert (np.diff(breaks[~within_a_year]) < 0).all()


@pytest.mark.parametrize(
    ("likelier", "other"),
    [
        ((150_000.0, 10**6, 0.0, 1_200_000.0), (150_000.0, 150_000.0, 0.0, 1_200_000.0)),
        ((150_000.0, 300_000.0, 100_000.0, 1_200_000.0), (150_000.0, 300_000.0, 0.0, 1_200_000.0)),
    ],
    ids=["lighter", "larger saving"],
)
def test_a_lighter_payment_and_a_larger_saving_are_taken_more_often(likelier: tuple, other: tuple):
    assert taken(*likelier, POLICY.plan.habits) > taken(*other, POLICY.plan.habits)


def test_a_payment_of_all_that_a_month_bears_that_saves_nothing_is_taken_as_the_register_says():
    found = taken(300_000.0, 300_000.0, 0.0, 1_200_000.0, POLICY.plan.habits)
    assert found == pytest.approx(POLICY.plan.take_up_ratio)


def test_the_best_is_what_it_brings_times_how_likely_it_is_taken_and_ties_go_to_the_shorter():
    gain, likely = np.array([[100.0, 80.0, 80.0, -5.0]]), np.array([[0.1, 0.4, 0.4, 0.9]])
    shown, best = best_terms(gain, likely, np.array([[True, True, True, True]]), 3)
    assert (shown[0].tolist(), int(best[0])) == ([True, True, True, False], 1)
    shown, best = best_terms(gain, likely, np.array([[False, False, False, True]]), 3)
    assert (shown[0].tolist(), int(best[0])) == ([False, False, False, True], 3)
    shown, best = best_terms(gain, likely, np.zeros((1, 4), dtype=bool), 3)
    assert (shown.any(), int(best[0])) == (False, -1)


REVOLVER = {
    "current_limit_amt": 2_000_000,
    "statement_count_365d": 12.0,
    "statement_balance_amt": 1_200_000.0,
    "payment_ratio_180d": 0.06,
    "minimum_payment_ratio": 0.05,
    "minimum_payment_floor_amt": 5_000.0,
}


@pytest.mark.parametrize("offset", [-9.0, -3.0, -1.5])
def test_neither_the_longest_nor_the_shortest_term_is_simply_suggested(offset: float):
    plans = decided(some_customers(REVOLVER | {"income_evidence_amt": 2e6}), FixedScorers(offset=offset)).plans
    suggested = int(plans.term_months[plans.suggested[0]])
    assert plans.is_shown[0, plans.suggested[0]]
    assert 3 < suggested < 60


def test_a_loan_is_shown_by_its_length_the_shortest_first():
    plans = decided(scorers=FixedScorers(offset=-9.0)).plans
    shown = plans.term_months[plans.is_shown[0]]
    assert plans.term_months[plans.suggested[0]] == shown.min()


def test_what_a_plan_costs_once_is_taken_off_after_tax():
    one = case()
    less = plan_worth(one, POLICY.economics, np.array([1_000.0]))[0] - np.array(worth(one))
    assert less == pytest.approx(-1_000.0 * (1 - POLICY.economics.tax_ratio))


def test_who_would_owe_nothing_without_a_plan_brings_nothing_without_it():
    free = replace(POLICY.economics, card_rate_ratio=0.9)
    assert worth(case(share=1.0)) == pytest.approx(plan_worth(case(share=1.0), free, np.zeros(1))[0].tolist())
