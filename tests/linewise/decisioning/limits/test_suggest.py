"""The right limit: within the budget, under the ceiling, worth lending, and bound by something that has a name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.limits.worth import worth_of
from linewise.decisioning.prices import Prices
from tests.builders import FixedScorers, a_policy, decided, some_customers
from tests.linewise.decisioning.drawn import COUNTED, evenly

POLICY = a_policy().decision


def test_a_good_customer_is_suggested_a_first_line_as_high_as_the_budget_bears():
    limit = decided(scorers=FixedScorers(offset=-9.0)).limit
    following = limit.candidate_amt[0][limit.candidate_amt[0] > limit.suggested_amt[0]][0]
    assert 0 < limit.suggested_amt[0] <= limit.max_amt[0] < following
    assert (limit.binding[0], limit.kind[0]) == ("AFFORDABILITY", "raise")


@pytest.mark.parametrize(
    ("features", "binding"),
    [
        ({"income_months_count_6m": 2}, "BANK-INCOME-SEEN"),
        ({"income_months_count_6m": np.nan}, "BANK-INCOME-SEEN"),
        ({"age_years": 17.9}, "BANK-CREDIT-AGE"),
        ({"history_days": 89}, "BANK-HISTORY"),
        ({"negative_balance_days_180d": 6}, "BANK-OVERDRAWN-CREDIT"),
        ({"penalty_interest_count_180d": 2}, "BANK-OVERDRAWN-CREDIT"),
        ({"contact_point_changed_days": 3}, "BANK-ATO"),
        ({"is_student": 1}, "CN-CC-45B"),
        ({"is_staff": 1}, "BANK-STAFF"),
        ({"is_vulnerable": 1}, "BANK-VULNERABLE"),
        ({"essential_mean_amt_6m": 950_000.0}, "AFFORDABILITY"),
        ({"obligation_mean_amt_6m": 900_000.0}, "AFFORDABILITY"),
    ],
)
def test_no_limit_is_suggested_where_a_rule_or_the_budget_forbids_it(features: dict, binding: str):
    limit = decided(some_customers(features)).limit
    assert limit.suggested_amt[0] == 0
    assert limit.binding[0] == binding


@pytest.mark.parametrize(
    ("state", "binding"),
    [
        ({"has_open_complaint": True}, "BANK-COMPLAINT"),
        ({"has_open_fraud_case": True}, "CN-AML-TIP"),
        ({"is_in_hardship": True}, "BANK-HARDSHIP"),
    ],
)
def test_an_open_case_comes_before_any_credit(state: dict, binding: str):
    limit = decided(**state).limit
    assert (limit.suggested_amt[0], limit.binding[0]) == (0, binding)


def test_twelve_months_of_income_cap_what_the_budget_would_bear():
    poor = {"essential_mean_amt_6m": 0.0, "income_evidence_amt": 2e6, "income_mean_amt_6m": 500_000.0}
    limit = decided(some_customers(poor), FixedScorers(offset=-12.0)).limit
    assert limit.max_amt[0] == 6_000_000
    assert limit.binding[0] == "BANK-INCOME-MULTIPLE"


def test_one_raise_goes_no_further_than_the_ladder():
    rich = {"essential_mean_amt_6m": 0.0, "income_evidence_amt": 9e6, "income_mean_amt_6m": 9e6}
    limit = decided(some_customers(rich | {"current_limit_amt": 3_000_000}), FixedScorers(offset=-12.0)).limit
    assert limit.suggested_amt[0] == limit.max_amt[0] == 6_000_000
    assert limit.binding[0] == "RAISE_MOST"


def test_a_risky_customer_is_bound_by_the_risk():
    limit = decided(scorers=FixedScorers(offset=-1.6, slope=1.5)).limit
    assert limit.suggested_amt[0] < limit.max_amt[0]
    assert limit.binding[0] in {"DEFAULT_RISK", "VALUE"}


def test_a_cap_on_raises_never_cuts_a_limit_that_is_in_force():
    held = some_customers({"current_limit_amt": 50_000_000})
    limit = decided(held).limit
    assert limit.suggested_amt[0] == limit.max_amt[0] == 50_000_000


def test_the_curve_begins_at_the_current_limit_and_holds_the_suggested_one():
    limit = decided().limit
    assert limit.candidate_amt[0, 0] == 0
    assert limit.suggested_amt[0] in limit.candidate_amt[0]
    assert (np.diff(limit.candidate_amt[0]) >= 0).all()
    assert (np.diff(limit.pd_12m[0]) >= 0).all()
    assert limit.profit_amt[0, 0] == 0


people = st.fixed_dictionaries(
    {
        "income_mean_amt_6m": evenly(1e6, 5e6) | evenly(0, 5e6),
        "income_p25_amt_6m": evenly(1e6, 5e6) | evenly(0, 5e6),
        "income_spread_ratio_6m": evenly(0, 0.5) | evenly(0, 3),
        "income_months_count_6m": st.sampled_from([6.0, 6.0, 6.0, 6.0, 6.0, 3.0, 2.0, 0.0]),
        "essential_mean_amt_6m": evenly(0, 3e5) | evenly(0, 2e6),
        "obligation_mean_amt_6m": evenly(0, 1e5) | evenly(0, 1e6),
        "current_limit_amt": st.sampled_from([0, 0, 0, 300_000, 300_000, 2_000_000, 2_012_345, 9_000_000]),
        "statement_count_365d": st.sampled_from([0.0, 12.0]),
        "payment_ratio_180d": evenly(0, 1),
        "utilisation_ratio": evenly(0, 1.3),
        "declined_sum_amt_90d": evenly(0, 1e6),
    }
)
curves = st.tuples(evenly(-10, -5) | evenly(-10, 2), evenly(0, 0.5) | evenly(0, 3))
responses = st.fixed_dictionaries(
    {
        "slope_error": evenly(0, 0.1) | evenly(0, 1),
        "balance_amt": evenly(0, 3e6),
        "borrowing_amt": evenly(0, 12e6),
        "borrowing_error_amt": st.just(0.0) | evenly(0, 1e6) | evenly(0, 6e6),
        "spend_amt": evenly(0, 5e7),
        "spending_amt": evenly(0, 12e6),
        "spending_error_amt": evenly(0, 6e6),
        "horizon_months": st.sampled_from([12.0, 12.0, 24.0, 48.0]),
    }
)
scarce = st.builds(
    Prices,
    exposure_ratio=st.just(0.0) | evenly(0, 0.005) | evenly(0, 0.05),
    loss_ratio=st.just(0.0) | evenly(0, 0.2) | evenly(0, 2),
    capital_ratio=st.just(0.0) | evenly(0, 0.02) | evenly(0, 0.2),
)


@settings(max_examples=150, suppress_health_check=COUNTED)
@given(
    person=people, curve=curves, response=responses, prices=scarce,
    worse_by=evenly(0, 4), steeper_by=evenly(0, 2), vaguer_by=evenly(0, 2),
)  # fmt: skip
def test_with_the_rest_fixed_a_higher_default_curve_never_raises_a_limit(
    reached, person, curve, response, prices, worse_by, steeper_by, vaguer_by
):
    customers = some_customers(person)
    low = decided(customers, FixedScorers(offset=curve[0], slope=curve[1], **response), POLICY, prices=prices).limit
    worse = response | {"slope_error": response["slope_error"] + vaguer_by}
    risky = FixedScorers(offset=curve[0] + worse_by, slope=curve[1] + steeper_by, **worse)
    high = decided(customers, risky, POLICY, prices=prices).limit
    reached(low.kind[0] == "raise")
    assert high.suggested_amt[0] <= low.suggested_amt[0]
    assert high.max_amt[0] == low.max_amt[0]


@settings(max_examples=80, suppress_health_check=COUNTED)
@given(person=people, curve=curves, response=responses, prices=scarce)
def test_what_is_suggested_surely_gains_and_the_sure_gain_is_never_above_the_expected_one(
    reached, person, curve, response, prices
):
    scorers = FixedScorers(offset=curve[0], slope=curve[1], **response)
    limit = decided(some_customers(person), scorers, POLICY, prices=prices).limit
    assert (limit.gain_lower_amt <= limit.gain_amt).all()
    assert limit.gain_amt[0, 0] == limit.gain_lower_amt[0, 0] == limit.provision_change_amt[0, 0] == 0
    chosen = limit.candidate_amt[0].tolist().index(limit.suggested_amt[0])
    assert (limit.kind[0] == "raise") == (chosen > 0)
    assert limit.kind[0] in {"raise", "hold"}
    if chosen:
        assert limit.gain_lower_amt[0, chosen] >= 0
        assert limit.pd_12m[0, chosen] <= POLICY.limit.pd_ceiling_ratio
    reached(chosen)


@settings(max_examples=80, suppress_health_check=COUNTED)
@given(person=people, curve=curves, response=responses, prices=scarce)
def test_of_the_candidates_under_cap_and_ceiling_none_is_worth_more_than_the_one_suggested(
    reached, person, curve, response, prices
):
    scorers, customers = FixedScorers(offset=curve[0], slope=curve[1], **response), some_customers(person)
    limit = decided(customers, scorers, POLICY, prices=prices).limit
    lines, of_limits = limit.candidate_amt, POLICY.limit
    worth = worth_of(customers, lines, scorers.limit_response(customers), POLICY.economics, of_limits.caution_errors)
    charge = prices.charge_amt(
        exposure_amt=worth.added(lines.astype(float)),
        loss_amt=worth.added(worth.cautious_loss_amt),
        capital_amt=worth.added(worth.valued.capital_amt),
    )
    net = (worth.lower_amt - charge)[0]
    is_open = (lines[0] <= limit.max_amt[0]) & (worth.cautious_pd_12m[0] <= of_limits.pd_ceiling_ratio)
    is_open[0] = True
    chosen = lines[0].tolist().index(limit.suggested_amt[0])
    assert is_open[chosen]
    # A raise may still give way to an offer that lends.
    assert net[chosen] == net[is_open].max() or limit.binding[0] == "NOT_TOGETHER"
    reached(chosen)


@settings(max_examples=40, suppress_health_check=COUNTED)
@given(persons=st.lists(people, min_size=2, max_size=4), curve=curves, response=responses)
def test_a_limit_does_not_depend_on_who_else_is_in_the_chunk(reached, persons, curve, response):
    scorers = FixedScorers(offset=curve[0], slope=curve[1], **response)
    together = decided(some_customers(*persons), scorers, POLICY).limit
    reached((together.kind == "raise").any())
    for row, person in enumerate(persons):
        alone = decided(some_customers(person), scorers, POLICY).limit
        for name in ("suggested_amt", "max_amt", "binding", "kind", "gain_amt", "gain_lower_amt", "capital_amt"):
            assert np.array_equal(getattr(together, name)[row], getattr(alone, name)[0]), name


@settings(max_examples=60, suppress_health_check=COUNTED)
@given(person=people, curve=curves, cap=evenly(0, 2e7))
def test_a_cap_on_raises_neither_cuts_nor_moves_what_stays_below_it(reached, person, curve, cap):
    scorers = FixedScorers(offset=curve[0], slope=curve[1])
    free = decided(some_customers(person), scorers, POLICY).limit
    capped = decided(some_customers(person, own_total_cap_amt=cap), scorers, POLICY).limit
    current = person["current_limit_amt"]
    assert current <= capped.suggested_amt[0] <= max(cap, current)
    assert capped.candidate_amt.tolist() == free.candidate_amt.tolist()
    assert capped.suggested_amt[0] == free.suggested_amt[0] or free.suggested_amt[0] > cap
    reached(free.kind[0] == "raise")


@settings(max_examples=60, suppress_health_check=COUNTED)
@given(person=people, curve=curves)
def test_a_limit_passes_neither_a_cap_nor_the_budget_nor_the_ceiling(reached, person, curve):
    decisions = decided(some_customers(person), FixedScorers(offset=curve[0], slope=curve[1]), POLICY)
    limit, plans = decisions.limit, decisions.plans
    suggested, current = limit.suggested_amt[0], person["current_limit_amt"]
    assert suggested <= limit.max_amt[0] <= max(current, 12 * person["income_mean_amt_6m"])
    reached(suggested > current)
    if suggested > current:
        assert suggested % POLICY.limit.step_amt == 0
        assert suggested >= POLICY.limit.minimum_amt
        at = limit.candidate_amt[0].tolist().index(suggested)
        assert limit.pd_12m[0, at] <= POLICY.limit.pd_ceiling_ratio
        assert limit.profit_amt[0, at] > limit.profit_amt[0, 0]
        assert (plans.payment_amt[0][plans.is_shown[0]] <= limit.budget_amt[0]).all()


@settings(max_examples=80, suppress_health_check=COUNTED)
@given(person=people, curve=curves, response=responses, more=evenly(0, 2e6), proved=st.sampled_from("ABCDE"))
def test_a_higher_income_never_lowers_a_limit(reached, person, curve, response, more, proved):
    """Seen on an account here, or told by a document."""
    scorers = FixedScorers(offset=curve[0], slope=curve[1], **response)
    earned = ("income_mean_amt_6m", "income_p25_amt_6m", "income_evidence_amt")
    told = person | {"income_evidence_amt": person["income_mean_amt_6m"]}
    facts = {"income_evidence_class": proved}
    low = decided(some_customers(told, **facts), scorers, POLICY).limit.suggested_amt[0]
    richer = told | {name: told[name] + more for name in earned}
    high = decided(some_customers(richer, **facts), scorers, POLICY).limit.suggested_amt[0]
    reached(high > person["current_limit_amt"])
    assert high >= low
