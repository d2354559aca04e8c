"""The one decision function: what is offered, what is not and why, alone as in a crowd."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.affordability import monthly_budget
from linewise.decisioning.arbitration import ArbitrationPolicy
from linewise.decisioning.decide import LIMIT, PLAN
from linewise.decisioning.losing import lost_because
from linewise.decisioning.reasons import reason_codes
from linewise.decisioning.scorers import Contributions
from linewise.policy.stoppable import switch_column
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers
from tests.linewise.decisioning.drawn import COUNTED, evenly, mostly_known

POLICY = a_policy().decision
JUNIOR, CLASSIC, GOLD = range(3)
QUIET = replace(POLICY, arbitration=ArbitrationPolicy(shown_count=3, exploration_ratio=0.0))


def rules_hit(decisions, offer: int, row: int = 0) -> set[str]:
    rules = decisions.offers.rules
    return {rules[i].rule_id for i in np.flatnonzero(decisions.offers.hits[row, offer])}


def test_offers_are_ranked_by_take_up_times_value_less_cost():
    offers = decided(scorers=FixedScorers(propensity=(0.0, 0.2, 0.3)), policy=QUIET).offers
    expected = 0.3 * offers.value_amt[0, GOLD] - POLICY.offers.cost_amt[GOLD]
    assert offers.priority[0, GOLD] == pytest.approx(expected, abs=1)
    assert offers.rank[0, :3].tolist() == [-1, 1, 0]


def test_with_a_control_group_the_uplift_and_not_the_take_up_is_paid_for():
    plain = decided(policy=QUIET).offers
    halved = decided(scorers=FixedScorers(has_control_group=True), policy=QUIET).offers.priority
    is_open, modelled = plain.propensity[0] > 0, POLICY.offers.is_modelled
    assert (is_open & modelled).any()
    assert (halved < plain.priority)[0, is_open & modelled].all()
    assert (halved == plain.priority)[0, ~(is_open & modelled)].all()


@pytest.mark.parametrize(
    ("features", "state", "offer", "rule_id"),
    [
        ({"age_years": 30}, {}, JUNIOR, "BANK-AGE-MAX"),
        ({"age_years": 17.9}, {}, CLASSIC, "BANK-AGE-MIN"),
        ({"age_years": np.nan}, {}, GOLD, "BANK-AGE-MIN"),
        ({"income_p25_amt_6m": 799_999}, {}, GOLD, "BANK-INCOME-MIN"),
        ({"negative_balance_days_180d": 1}, {}, CLASSIC, "BANK-OVERDRAWN-FEE"),
        ({}, {"held_tier": 2.0}, CLASSIC, "BANK-ALREADY-HELD"),
        ({}, {"days_since_declined": 59.0}, CLASSIC, "BANK-DECLINED-OFFER"),
        ({}, {"days_since_group_declined": 13.0}, GOLD, "BANK-DECLINED-GROUP"),
        ({}, {"is_opted_out": True}, CLASSIC, "CN-CP-1"),
        ({}, {"has_open_complaint": True}, CLASSIC, "BANK-COMPLAINT"),
        ({}, {"has_open_fraud_case": True}, GOLD, "CN-AML-TIP"),
        ({"is_vulnerable": 1}, {}, GOLD, "BANK-VULNERABLE"),
    ],
)
def test_an_ineligible_offer_is_not_shown_and_its_rule_is_named(features, state, offer, rule_id):
    decisions = decided(some_customers(features), policy=QUIET, **state)
    assert decisions.offers.rank[0, offer] == -1
    assert decisions.offers.pscore[0, offer] == 0.0
    assert rule_id in rules_hit(decisions, offer)


def test_all_rules_that_hit_are_kept_and_none_is_skipped_after_the_first():
    decisions = decided(some_customers({"age_years": 30}), held_tier=3.0, has_open_complaint=True)
    assert {"BANK-AGE-MAX", "BANK-ALREADY-HELD", "BANK-COMPLAINT"} <= rules_hit(decisions, JUNIOR)


def test_an_unverified_caller_sees_no_offer_and_no_limit():
    decisions = decided(context=a_context(is_identity_verified=False))
    assert (decisions.offers.rank == -1).all()
    assert decisions.limit.suggested_amt[0] == 0


def test_the_fee_of_what_is_offered_is_taken_off_the_budget_for_the_loan():
    with_card = decided(scorers=FixedScorers(propensity=(0.0, 0.0, 0.9)), policy=QUIET)
    without = decided(scorers=FixedScorers(propensity=(0.0, 0.0, 0.0)), policy=QUIET)
    fee = -(-int(POLICY.offers.annual_fee_amt[GOLD]) // 12)
    assert without.limit.budget_amt[0] - with_card.limit.budget_amt[0] == pytest.approx(fee, abs=1)


facts = st.fixed_dictionaries(
    {
        "age_years": mostly_known(evenly(18, 90) | evenly(10, 90)),
        "income_mean_amt_6m": mostly_known(evenly(1e6, 4e6) | evenly(0, 4e6)),
        "income_p25_amt_6m": mostly_known(evenly(1e6, 4e6) | evenly(0, 4e6)),
        "income_months_count_6m": mostly_known(st.sampled_from([6.0, 6.0, 3.0, 0.0])),
        "negative_balance_days_180d": mostly_known(st.sampled_from([0.0, 0.0, 0.0, 1.0, 9.0])),
        "debit_sum_amt_90d": mostly_known(evenly(0, 1e7)),
        "history_days": mostly_known(evenly(90, 900) | evenly(0, 900)),
    }
)
CARDS = st.sampled_from(
    [
        {},
        {
            "statement_count_365d": 12.0,
            "statement_balance_amt": 600_000.0,
            "payment_ratio_180d": 0.06,
            "minimum_payment_ratio": 0.05,
            "minimum_payment_floor_amt": 5_000.0,
        },
    ]
)
"""Who has no card yet, and who owes 6,000 on one and pays hardly more than the minimum."""


def same(left, right, row: int) -> bool:
    """Whether the only row of `left` equals that row of `right`, field by field."""
    for name in type(left).__slots__:
        one, many = getattr(left, name), getattr(right, name)
        is_by_customer = isinstance(one, np.ndarray) and one.shape[:1] == (1,) and many.shape[0] > 1
        if is_by_customer and not np.array_equal(one[0], many[row], equal_nan=one.dtype.kind == "f"):
            return False
    return True


def same_values(left, right) -> list[bool]:
    """Field by field, whether all is the same."""
    pairs = [(getattr(left, name), getattr(right, name)) for name in type(left).__slots__]
    return [
        np.array_equal(one, two, equal_nan=one.dtype.kind == "f") if isinstance(one, np.ndarray) else one == two
        for one, two in pairs
    ]


@settings(max_examples=40, suppress_health_check=COUNTED)
@given(people=st.lists(st.builds(dict.__or__, facts, CARDS), min_size=2, max_size=5), seed=st.integers(0, 2**31))
def test_a_customer_gets_the_same_answer_alone_and_in_a_chunk(reached, people, seed):
    crowd, safe = some_customers(*people), FixedScorers(offset=-7.0)
    together = decided(crowd, safe, POLICY, seed=seed)
    reached(together.plans.is_shown.any() or (together.limit.kind == "raise").any())
    for row in range(len(crowd)):
        alone = replace(
            crowd,
            customer_id=crowd.customer_id[row : row + 1],
            as_of=crowd.as_of[row : row + 1],
            features=crowd.features[row : row + 1],
            current_limit_amt=crowd.current_limit_amt[row : row + 1],
            facts={name: column[row : row + 1] for name, column in crowd.facts.items()},
        )
        single = decided(alone, safe, POLICY, seed=seed)
        assert same(single.offers, together.offers, row)
        assert same(single.limit, together.limit, row)
        assert same(single.plans, together.plans, row)
        assert single.limit.contributions[0] == together.limit.contributions[row]


@settings(max_examples=40, suppress_health_check=COUNTED)
@given(people=st.lists(st.builds(dict.__or__, facts, CARDS), min_size=1, max_size=5), seed=st.integers(0, 2**31))
def test_offers_alone_come_out_as_if_limits_and_plans_were_switched_off(reached, people, seed):
    crowd, safe = some_customers(*people), FixedScorers(offset=-7.0)
    off = {switch_column(kind): np.ones(len(crowd)) for kind in (LIMIT, PLAN)}
    switched_off = decided(replace(crowd, facts=crowd.facts | off), safe, POLICY, seed=seed)
    alone = decided(crowd, safe, replace(POLICY, decides=frozenset()), seed=seed)
    whole = decided(crowd, safe, POLICY, seed=seed)
    reached(whole.plans.is_shown.any() or (whole.limit.kind == "raise").any())
    assert all(same_values(alone.offers, switched_off.offers))
    assert (alone.limit.suggested_amt == alone.limit.current_amt).all()
    assert not alone.plans.is_shown.any()
    assert (alone.hardship.is_on == switched_off.hardship.is_on).all()


@settings(max_examples=60, suppress_health_check=COUNTED)
@given(person=facts, seed=st.integers(0, 2**31), propensity=st.tuples(*[evenly(0, 1)] * 3))
def test_an_ineligible_offer_never_appears_and_probabilities_sum_to_one(reached, person, seed, propensity):
    offers = decided(some_customers(person), FixedScorers(propensity=propensity), POLICY, seed=seed).offers
    is_hit = offers.hits[0].any(axis=1)
    assert (offers.rank[0][is_hit] == -1).all()
    shown = sorted(rank for rank in offers.rank[0].tolist() if rank >= 0)
    assert shown == list(range(len(shown)))
    reached(shown)
    assert offers.pscore[0].sum() == pytest.approx(1.0 if shown else 0.0)
    assert (offers.pscore[0][offers.rank[0] == -1] == 0).all()


@settings(max_examples=100, suppress_health_check=COUNTED)
@given(
    person=facts,
    card=CARDS,
    line=st.integers(0, 40).map(lambda steps: steps * 50_000),
    seed=st.integers(0, 2**31),
    propensity=st.tuples(*[evenly(0, 1)] * 3),
    exploration=st.sampled_from([0.0, 1.0]),
)
def test_what_is_shown_fits_one_budget_and_holds_one_thing_that_lends(
    reached, person, card, line, seed, propensity, exploration
):
    policy = replace(POLICY, arbitration=replace(POLICY.arbitration, exploration_ratio=exploration))
    people = some_customers(person | card | {"current_limit_amt": line, "credit_limit_amt": 1e6})
    decisions = decided(people, FixedScorers(propensity=propensity, offset=-7.0), policy, seed=seed)
    limit, plans, offers = decisions.limit, decisions.plans, policy.offers
    shown = decisions.offers.rank[0] >= 0
    fees = int(offers.need_amt[shown].sum())
    budget = monthly_budget(people, policy.affordability)
    is_raised, is_loan = bool(limit.suggested_amt[0] > limit.current_amt[0]), plans.kind[0] == "loan"
    reached((shown.any() or plans.is_shown.any()) and (is_raised or (plans.is_shown.any() and not is_loan)))
    if is_loan:
        assert plans.dearest_amt[0] + fees <= budget.available_amt[0] or not plans.is_shown.any()
    else:
        budget = budget.with_plan(plans.dearest_amt, plans.planned_amt)
    assert fees <= (budget.beside_line_amt(limit.suggested_amt)[0] if is_raised else budget.available_amt[0])
    assert int(offers.borrows[shown].sum()) + is_raised <= 1


def test_missing_inputs_fail_closed_for_credit():
    nothing_known = some_customers(dict.fromkeys(("income_mean_amt_6m", "income_p25_amt_6m", "history_days"), np.nan))
    assert decided(nothing_known).limit.suggested_amt[0] == 0


def test_reasons_are_summed_by_code_and_age_is_never_one():
    decisions = decided(policy=QUIET)
    shown = decisions.offers.contributions[CLASSIC]
    assert [code for code, _ in shown] == ["INCOME_LEVEL", "BALANCE_CUSHION"]
    assert shown[0][1] == pytest.approx(0.5)


def test_reasons_for_a_limit_speak_for_it_where_one_is_suggested_and_against_it_where_none_is():
    granted = decided(scorers=FixedScorers(offset=-9.0)).limit
    refused = decided(scorers=FixedScorers(offset=3.0)).limit
    assert [code for code, _ in granted.contributions[0]] == ["INCOME_LEVEL", "BALANCE_CUSHION"]
    assert [code for code, _ in refused.contributions[0]] == ["OVERDRAWN"]


def test_without_explanations_no_reason_is_computed():
    assert decided(context=a_context(explain=False)).offers.contributions == ()


def test_inputs_without_a_code_give_no_reason():
    coded = reason_codes(Contributions(("age_years",), np.array([[3.0]])), {}, sign=np.ones(1), most=3)
    assert coded == ((),)


@pytest.mark.parametrize(("raise_take_up_ratio", "is_raised"), [(0.0, False), (1.0, True)])
def test_of_what_lends_the_one_that_is_worth_more_is_proposed(raise_take_up_ratio: float, is_raised: bool):
    """Cash in instalments and a raise never stand beside each other: the loser says so."""
    policy = replace(QUIET, arbitration=replace(QUIET.arbitration, raise_take_up_ratio=raise_take_up_ratio))
    decisions = decided(some_customers({"credit_limit_amt": 1e6}), policy=policy)
    cash = decisions.offers.offer_id.index("CASH_INSTALMENT")
    assert bool(decisions.offers.rank[0, cash] >= 0) != is_raised
    assert (decisions.limit.suggested_amt[0] > 0) == is_raised
    assert (decisions.limit.binding[0] == "NOT_TOGETHER") != is_raised
    assert (lost_because(decisions, policy.offers, policy.arbitration)[0, cash] == "NOT_TOGETHER") == is_raised
