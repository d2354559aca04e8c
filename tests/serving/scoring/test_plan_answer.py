"""What is told of plans: to the minor unit, with what early settlement costs, beside doing nothing; and why none."""

import pytest

from serving.scoring.answer import full_answer
from serving.scoring.audience import view_of
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers

GOOD = FixedScorers(offset=-9.0)
REVOLVER = {
    "statement_count_365d": 12.0,
    "statement_balance_amt": 1_200_000.0,
    "payment_ratio_180d": 0.06,
    "minimum_payment_ratio": 0.05,
    "minimum_payment_floor_amt": 5_000.0,
}


def answer(context=None, **known):
    customers = some_customers(REVOLVER | known)
    return full_answer(decided(customers, GOOD, context=context or a_context()), 0, a_policy())


def test_a_plan_is_told_to_the_minor_unit_beside_what_goes_on_without_it():
    plans = answer()["plans"]
    assert [plan["kind"] for plan in plans] == ["statement"] * 3
    for plan in plans:
        lines = plan["schedule"]
        assert sum(line["principal_amt"] for line in lines) == plan["amount_amt"] == 1_200_000
        assert sum(line["interest_amt"] for line in lines) == plan["total_cost_amt"]
        without = plan["without_plan"]
        assert without["saved_amt"] == without["own_way_cost_amt"] - plan["total_cost_amt"] > 0
        assert without["minimum_payments_cost_amt"] >= without["own_way_cost_amt"]


def test_early_settlement_is_told_for_one_three_and_six_months():
    longest = answer()["plans"][-1]
    told = longest["early_settlement"]
    assert [one["after_months"] for one in told] == [1, 3, 6]
    assert all(one["charge_amt"] == 0 and one["saved_amt"] > 0 for one in told)
    assert told[0]["payoff_amt"] > told[1]["payoff_amt"] > told[2]["payoff_amt"]


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"payment_ratio_180d": 1.0}, "PLAN_NO_SAVING"),
        ({"statement_balance_amt": 0.0}, "PLAN_NOTHING_OWED"),
        ({"card_plan_left_amt": 1_200_000.0}, "PLAN_IN_INSTALMENTS"),
        ({"essential_mean_amt_6m": 950_000.0}, "PLAN_UNAFFORDABLE"),
    ],
)
def test_why_there_is_none_is_said_in_a_sentence_of_its_own(known, code):
    told = answer(**known)
    assert told["plans"] == []
    assert code in {reason["code"] for reason in told["plans_principal_reasons"]}
    assert told["plans_none_because"]


def test_customer_and_agent_are_told_the_same_plan_and_not_what_it_brings_the_bank():
    told = answer()
    seen = view_of(told, "customer")["plans"]
    assert seen == view_of(told, "agent")["plans"]
    assert seen == [{name: value for name, value in plan.items() if name != "value_amt"} for plan in told["plans"]]
    assert view_of(told, "reviewer")["plans"] == told["plans"]


def test_one_of_the_plans_shown_is_the_one_suggested():
    assert [plan["is_suggested"] for plan in answer()["plans"]].count(True) == 1
