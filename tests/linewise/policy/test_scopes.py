"""Campaigns, promotions, screens and the bank are checked by rules of their own, many at once."""

from datetime import date

import numpy as np
import pytest

from linewise.policy.rules import read_rules, rules_in_force
from linewise.policy.scopes import ScopeChecks
from linewise.policy.standard_folder import STANDARD


def checks(currency: str = "CNY", on: date = date(2026, 11, 25)) -> ScopeChecks:
    return ScopeChecks(rules_in_force(read_rules(STANDARD, currency), on))


def columns(**values: float | str) -> dict[str, np.ndarray]:
    return {name: np.array([value]) for name, value in values.items()}


A_CAMPAIGN = {
    "objective_metric": "value",
    "is_sole_or_main_objective": 1,
    "is_for_card_business": 1,
    "is_automated_marketing": 1,
    "has_easy_refusal": 1,
    "has_choice_of_data_use": 1,
    "offers_refusal_each_time": 1,
    "ties_products": 0,
    "opens_paid_service_unasked": 0,
    "consent_proof_kept_months": 5,
}


def test_an_honest_campaign_passes():
    assert checks().check("campaign", columns(**A_CAMPAIGN)) == []


@pytest.mark.parametrize("metric", ["cards_issued", "customers", "market_share", "rank"])
def test_a_campaign_whose_only_aim_is_growth_is_stopped(metric: str):
    (found,) = checks().check("campaign", columns(**A_CAMPAIGN | {"objective_metric": metric}))
    assert found.rule.rule_id == "CN-13-01"
    assert found.stops
    assert found.sentence("en") == "Cards, customers, share or rank must not be the only or main objective."


def test_what_a_campaign_does_not_say_fails_closed():
    found = {finding.rule.rule_id for finding in checks().check("campaign", {})}
    assert found == set(checks().rule_ids("campaign"))


def test_a_model_is_promoted_only_with_a_valid_validation():
    good = {
        "is_in_inventory": 1,
        "validation_age_days": 300,
        "validation_due_days": 365,
        "is_monitoring_overdue": 0,
        "uses_residual_income": 1,
        "are_raise_criteria_tested": 1,
        "uses_complaints_as_input": 0,
        "is_agent_emotion_inferred": 0,
        "asks_sex_or_race": 0,
    }
    assert checks("USD").check("promotion", columns(**good)) == []
    late = checks("USD").check("promotion", columns(**good | {"validation_age_days": 366}))
    assert [(one.rule.rule_id, one.value, one.threshold) for one in late] == [("US-MRM", 366.0, 365.0)]


def test_a_model_of_staff_emotions_is_never_promoted():
    found = {one.rule.rule_id for one in checks("EUR").check("promotion", columns(is_agent_emotion_inferred=1))}
    assert {"EU-AIA-5F", "BANK-AGENT-EMOTION"} <= found


def test_a_card_number_shows_its_last_four_digits_and_no_more():
    assert checks().check_part("screen", columns(card_digit_count=4)) == []
    (found,) = checks().check_part("screen", columns(card_digit_count=6))
    assert found.rule.rule_id == "BANK-CARD-DIGITS"


def test_what_the_ai_act_asks_of_credit_models_holds_from_its_date():
    assert "EU-AIA-5B" not in checks("EUR", date(2027, 12, 1)).rule_ids("promotion")
    assert "EU-AIA-5B" in checks("EUR", date(2027, 12, 2)).rule_ids("promotion")


def test_the_bank_is_told_of_its_sleeping_cards_and_not_stopped():
    calm = columns(dormant_share_ratio=0.2)
    assert checks().check("bank", calm) == []
    (found,) = checks().check("bank", columns(dormant_share_ratio=0.2001))
    assert (found.rule.rule_id, found.stops) == ("CN-13-02-BANK", False)


def test_many_campaigns_are_checked_at_once_and_each_finding_names_its_own():
    three = {name: np.array([value] * 3) for name, value in A_CAMPAIGN.items()}
    three["ties_products"] = np.array([0, 1, 0])
    three["offers_refusal_each_time"] = np.array([1, 1, 0])
    found = checks().check("campaign", three, 3)
    assert {(one.subject, one.rule.rule_id) for one in found} == {(1, "CN-CP-1-TIED"), (2, "CN-CP-1-WAY")}


def test_a_part_is_checked_by_the_rules_that_ask_for_nothing_else():
    assert checks().check_part("campaign", columns(ties_products=0)) == []
    found = checks().check_part("campaign", columns(ties_products=1, opens_paid_service_unasked=0))
    assert [one.rule.rule_id for one in found] == ["CN-CP-1-TIED"]
