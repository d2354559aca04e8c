"""Which plans are shown: for what is owed and in none yet, within the budget, and only where they cost less."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.affordability import monthly_budget
from linewise.decisioning.plans import KINDS, LOAN
from linewise.decisioning.types import Decisions
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers
from tests.linewise.decisioning.drawn import COUNTED, evenly

POLICY = a_policy().decision
GOOD = FixedScorers(offset=-9.0)
REVOLVER = {
    "statement_count_365d": 12.0,
    "statement_balance_amt": 1_200_000.0,
    "payment_ratio_180d": 0.06,
    "minimum_payment_ratio": 0.05,
    "minimum_payment_floor_amt": 5_000.0,
}
"""Owes 12,000 on the last statement and pays hardly more than the minimum."""


def asking(kind: str = "", amount_amt: int | None = None, *, asks: bool = True):
    request = {"asked_for": "plan", "asked_plan_kind": kind, "asked_amt": amount_amt, "is_customer_initiated": True}
    return a_context(**(request if asks else {}))


def plans_of(context=None, **known: object) -> Decisions:
    return decided(some_customers(REVOLVER | known), GOOD, context=context or a_context())


def shown_terms(decisions: Decisions) -> list[int]:
    return decisions.plans.term_months[decisions.plans.is_shown[0]].tolist()


def rules_hit(decisions: Decisions) -> set[str]:
    plans = decisions.plans
    return {plans.rules[i].rule_id for i in np.flatnonzero(plans.hits[0].any(axis=0))}


def test_who_carries_a_balance_is_shown_plans_for_the_statement():
    plans = plans_of().plans
    assert (str(plans.kind[0]), int(plans.amount_amt[0]), str(plans.problem[0])) == ("statement", 1_200_000, "")
    assert plans.is_shown[0].sum() == 3
    assert (plans.annualised_rate_ratio[plans.is_shown] < POLICY.plan.card_rate_ratio).all()
    assert (plans.total_cost_amt[plans.is_shown] < plans.own_way_cost_amt[0]).all()


def test_a_bank_without_statements_lends_within_the_raise():
    decisions = decided(scorers=GOOD)
    assert str(decisions.plans.kind[0]) == "loan"
    assert decisions.plans.amount_amt[0] == decisions.limit.suggested_amt[0] - decisions.limit.current_amt[0] > 0
    assert np.isnan(decisions.plans.own_way_cost_amt[0])


def test_who_pays_in_full_saves_nothing_by_a_plan_and_is_proposed_none():
    decisions = plans_of(payment_ratio_180d=1.0)
    assert (shown_terms(decisions), str(decisions.plans.problem[0])) == ([], "PLAN_NO_SAVING")


def test_who_pays_in_full_may_ask_for_one_all_the_same():
    decisions = plans_of(asking("statement"), payment_ratio_180d=1.0)
    assert len(shown_terms(decisions)) == 3
    assert decisions.plans.own_way_cost_amt[0] == 0.0


def test_a_plan_that_costs_more_than_the_card_is_not_even_sold_on_request():
    dear = replace(POLICY, plan=replace(POLICY.plan, rate_ratios={"statement": 0.19}))
    decisions = decided(some_customers(REVOLVER), GOOD, dear, asking("statement"))
    assert (shown_terms(decisions), str(decisions.plans.problem[0])) == ([], "PLAN_NO_SAVING")


def test_terms_whose_payment_the_month_does_not_bear_are_not_shown():
    tight = {"income_evidence_amt": 560_000.0, "essential_mean_amt_6m": 300_000.0, "total_card_debt_amt": 1_200_000.0}
    decisions = plans_of(**tight)
    assert min(shown_terms(decisions)) > 6
    nothing = plans_of(**tight | {"essential_mean_amt_6m": 550_000.0})
    assert (shown_terms(nothing), str(nothing.plans.problem[0])) == ([], "PLAN_UNAFFORDABLE")


def test_what_the_plan_takes_off_the_line_is_no_minimum_payment_any_more():
    line = {"current_limit_amt": 3_000_000, "income_evidence_amt": 700_000.0}
    plans = plans_of(**line).plans
    # Of the room of 200,000 the line takes 150,000 drawn whole, and 90,000 beside a plan for 1,200,000.
    assert plans.payment_amt[plans.is_shown].max() > 50_000
    assert plans.payment_amt[plans.is_shown].max() <= 110_000


@pytest.mark.parametrize(
    ("kind", "amount", "known", "problem"),
    [
        ("statement", 0, {}, "PLAN_NOT_POSITIVE"),
        ("statement", -5, {}, "PLAN_NOT_POSITIVE"),
        ("statement", 1_200_001, {}, "PLAN_ABOVE_OWED"),
        ("statement", 1 << 60, {}, "PLAN_ABOVE_OWED"),
        ("statement", 49_999, {}, "PLAN_TOO_SMALL"),
        ("statement", 50_000, {}, ""),
        ("statement", 30_000_001, {"statement_balance_amt": 9e7}, "PLAN_TOO_LARGE"),
        ("statement", None, {"statement_balance_amt": 0.0}, "PLAN_NOTHING_OWED"),
        ("statement", None, {"statement_balance_amt": -500.0}, "PLAN_NOTHING_OWED"),
        ("statement", None, {"card_plan_left_amt": 1_200_000.0}, "PLAN_IN_INSTALMENTS"),
        ("statement", 900_000, {"card_plan_left_amt": 400_000.0}, "PLAN_IN_INSTALMENTS"),
        ("statement", 800_000, {"card_plan_left_amt": 400_000.0}, ""),
        ("balance", 1_500_000, {"total_card_debt_amt": 1_500_000.0}, ""),
        ("purchase", 300_000, {"purchase_sum_amt_30d": 300_000.0}, ""),
        ("purchase", 300_001, {"purchase_sum_amt_30d": 300_000.0}, "PLAN_ABOVE_OWED"),
        ("purchase", 300_000, {"purchase_sum_amt_30d": 300_000.0, "card_plan_left_amt": 1_200_000.0}, ""),
        ("loan", -5, {}, "PLAN_NOT_POSITIVE"),
    ],
)
def test_each_amount_that_cannot_be_planned_has_its_own_answer(kind, amount, known, problem):
    decisions = plans_of(asking(kind, amount), **known)
    assert str(decisions.plans.problem[0]) == problem
    assert bool(shown_terms(decisions)) == (problem == "")


def test_without_a_word_on_the_amount_what_is_in_no_plan_yet_is_planned():
    assert plans_of(card_plan_left_amt=400_000.0).plans.amount_amt[0] == 800_000


def test_an_instalment_of_an_instalment_is_refused_by_its_own_rule():
    decisions = plans_of(asking("statement", 900_000), card_plan_left_amt=400_000.0)
    assert "CN-13-13" in rules_hit(decisions)
    assert "CN-13-13" not in rules_hit(plans_of(asking("statement", 700_000), card_plan_left_amt=400_000.0))


def test_a_flat_fee_is_shown_by_what_it_really_costs_a_year():
    flat = replace(POLICY, plan=replace(POLICY.plan, fee_forms={"statement": "flat"}))
    plans = decided(some_customers(REVOLVER), GOOD, flat).plans
    at = plans.term_months.tolist().index(12)
    assert plans.annualised_rate_ratio[0, at] == pytest.approx(0.1304)
    assert plans.total_cost_amt[0, at] == 86_400


@pytest.mark.parametrize("asked_for", ["", "limit", "plan"])
def test_loans_and_statements_are_planned_side_by_side_as_alone(asked_for: str):
    people = [REVOLVER, {}, REVOLVER | {"current_limit_amt": 2_000_000}, {"income_evidence_amt": 3e6}]
    context = a_context(asked_for=asked_for, is_customer_initiated=bool(asked_for), asked_amt=3_000_000)
    together = decided(some_customers(*people), GOOD, context=context).plans
    assert together.kind.tolist() == ["statement", "loan", "statement", "loan"]
    for row, known in enumerate(people):
        alone = decided(some_customers(known), GOOD, context=context).plans
        for name in ("kind", "amount_amt", "payment_amt", "value_amt", "is_shown", "suggested", "problem", "hits"):
            assert np.array_equal(getattr(alone, name)[0], getattr(together, name)[row]), name


KNOWN = st.fixed_dictionaries(
    {
        "statement_balance_amt": evenly(0, 3e6) | evenly(-1e5, 5e7) | st.just(np.nan),
        "card_balance_amt": st.just(np.nan) | evenly(-1e5, 3e6),
        "total_card_debt_amt": evenly(0, 5e6) | evenly(0, 5e7) | st.just(np.nan),
        "card_plan_left_amt": st.sampled_from([0.0, 0.0, 0.0, 200_000.0, np.nan]) | evenly(0, 3e6),
        "purchase_sum_amt_30d": evenly(0, 1e6),
        "statement_count_365d": st.sampled_from([12.0, 12.0, 0.0, np.nan]),
        "payment_ratio_180d": evenly(0, 0.3) | evenly(0, 1) | st.just(np.nan),
        "income_evidence_amt": evenly(1e6, 4e6) | evenly(0, 4e6) | st.just(np.nan),
        "essential_mean_amt_6m": evenly(0, 3e5) | evenly(0, 4e6) | st.just(np.nan),
        "minimum_payment_ratio": st.sampled_from([0.05, 0.1, np.nan]),
        "card_payment_sum_amt_90d": evenly(0, 4e6) | st.just(np.nan),
        "current_limit_amt": st.just(0) | st.integers(0, 40).map(lambda steps: steps * 50_000),
    }
)
AMOUNTS = st.none() | st.integers(50_000, 500_000) | st.integers(-10, 2_000_000) | st.integers(-10, 10**9)
REQUESTS = st.tuples(st.sampled_from(["", *KINDS]), AMOUNTS)


@settings(max_examples=200, suppress_health_check=COUNTED)
@given(known=KNOWN, request=REQUESTS, asks=st.booleans())
def test_no_shown_plan_passes_the_budget_the_debt_or_the_cards_own_rate(reached, known, request, asks):
    customers = some_customers(REVOLVER | known)
    plans = decided(customers, GOOD, context=asking(*request, asks=asks)).plans
    is_shown, amount, is_loan = plans.is_shown, plans.amount_amt, plans.kind[0] == LOAN
    reached(is_shown.any() and not is_loan)
    assert is_shown.sum() <= POLICY.plan.shown_count
    assert amount[0] > 0 or not is_shown.any()
    budget = monthly_budget(customers, POLICY.affordability)
    room = budget.available_amt if is_loan else budget.beside_plan_amt(amount)
    assert (plans.payment_amt[is_shown] <= room[0]).all()
    if not is_loan:
        assert (plans.annualised_rate_ratio[is_shown] < POLICY.plan.card_rate_ratio).all()
        goes_on = plans.minimum_cost_amt[0] if np.isnan(plans.own_way_cost_amt[0]) else plans.own_way_cost_amt[0]
        assert asks or (plans.total_cost_amt[is_shown] < goes_on).all()
