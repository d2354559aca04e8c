"""What is told of the hardship ladder, to whom, and what it obliges the bank to."""

from typing import Any

import pytest

from serving.scoring.answer import full_answer
from serving.scoring.audience import view_of
from serving.scoring.duties import duties_of
from serving.scoring.outcomes import actions_for_sale, actions_shown
from tests.builders import FixedScorers, a_policy, decided, some_customers

IN_DEBT = {
    "current_limit_amt": 6_000_000,
    "statement_count_365d": 12.0,
    "statement_balance_amt": 6_000_000.0,
    "total_card_debt_amt": 6_000_000.0,
    "minimum_payment_ratio": 0.05,
    "minimum_payment_floor_amt": 5_000.0,
    "repayment_ability_amt": 1_000_000.0,
}


def a_decision(bears_amt: float = 100_000, *, is_in_hardship: bool = True):
    customers = some_customers(IN_DEBT | {"income_evidence_amt": 2 * bears_amt + 300_000.0})
    return decided(customers, FixedScorers(offset=-9.0), is_in_hardship=is_in_hardship)


def answer(**how: Any) -> dict[str, Any]:
    return full_answer(a_decision(**how), 0, a_policy())


def step_of(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in told["hardship"]["steps"] if one["step"] == name)


def test_who_is_not_in_the_lane_is_told_nothing_of_it():
    assert answer(is_in_hardship=False)["hardship"] is None


def test_the_lane_is_told_step_by_step_and_nothing_is_for_sale():
    told = answer()
    assert [one["step"] for one in told["hardship"]["steps"]] == [
        "date_change", "fee_waiver", "short_relief", "rate_reduction", "art70",
    ]  # fmt: skip
    assert [one["is_proposed"] for one in told["hardship"]["steps"]] == [False, False, False, False, True]
    assert actions_for_sale(told) == []
    assert "HARDSHIP-ART70" in actions_shown(told)
    assert (told["offers"], told["plans"]) == ([], [])
    assert told["plans_none_because"]


def test_a_personal_plan_names_debt_currency_each_payment_and_the_duties_of_both_and_a_person_signs():
    told = answer()
    plan = step_of(told, "art70")
    assert sum(line["principal_amt"] for line in plan["schedule"]) == told["hardship"]["owed_amt"] == 6_000_000
    assert len(plan["schedule"]) == plan["term_months"] == 60
    assert all(line["due_on"] for line in plan["schedule"])
    assert plan["needs_person"]
    assert len(plan["agreed"]) == 3
    assert told["currency"] == "CNY"


def test_a_person_signs_before_a_personal_plan_is_ordered_and_the_recording_is_kept():
    duties = {one.rule_id: one for one in duties_of(a_decision(), 0, "D1") if one.action_id == "HARDSHIP-ART70"}
    assert duties["BANK-ART70-SIGN"].is_blocking
    assert "CN-CC-70D" in duties


def test_where_a_milder_step_is_enough_no_duty_of_a_personal_plan_is_opened():
    rules = {one.rule_id for one in duties_of(a_decision(bears_amt=400_000), 0, "D1")}
    assert rules.isdisjoint({"BANK-ART70-SIGN", "CN-CC-70D", "CN-CC-70D-STOP"})


@pytest.mark.parametrize("audience", ["customer", "agent"])
def test_neither_customer_nor_agent_is_told_how_likely_a_plan_breaks(audience: str):
    seen = view_of(answer(), audience)  # type: ignore[arg-type]
    assert all("breaking_ratio" not in one for one in seen["hardship"]["steps"])
    assert "bears_amt" not in seen["hardship"]
    assert step_of(seen, "art70")["says"]
    assert ("cause" in seen["hardship"]) == (audience == "agent")


def test_a_reviewer_sees_how_likely_it_breaks():
    seen = view_of(answer(), "reviewer")
    assert 0.0 < step_of(seen, "art70")["breaking_ratio"] < 1.0
