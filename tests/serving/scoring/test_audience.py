"""One answer for five audiences: who sees which field, and which sentence."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from linewise.decisioning.cells import CellPolicy
from linewise.decisioning.types import Context, Customers, Decisions
from linewise.policy.policy import Policy
from serving.scoring.answer import complete_answer
from serving.scoring.audience import view_of
from serving.scoring.field_scopes import AUDIENCES, FIELD_SCOPES, may_see
from serving.scoring.release import Versions
from tests.builders import NOW, FixedScorers, a_context, a_policy, decided, some_customers

VERSIONS = Versions({"default": "1"}, "p", "c", "f", "r", {})
NUMBERS = {
    "propensity", "value_amt", "priority", "pscore", "pd_12m", "curve", "value", "threshold", "weight", "rule_id",
    "expected_profit_amt", "budget_amt", "cautious_income_amt", "gain_amt", "gain_lower_amt", "expected_loss_amt",
    "cautious_loss_amt", "provision_change_amt", "exposure_amt", "capital_amt", "sources",
}  # fmt: skip


IN_DEBT = {"total_card_debt_amt": 90_000_000.0, "repayment_ability_amt": 1.0, "minimum_payment_ratio": 0.05}
"""Owes more than any month bears: what helps is a personal plan."""


def answer_of(decisions: Decisions | None = None, policy: Policy | None = None, **state: Any) -> dict[str, Any]:
    decisions = decisions or decided(**state)
    told = complete_answer(decisions, 0, policy or a_policy(), VERSIONS, NOW, has_control_group=False)
    return {"decision_id": "D"} | told


def paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from paths(one, path)
    elif isinstance(value, dict):
        for name, one in value.items():
            here = f"{path}.{name}" if path else name
            yield here
            yield from paths(one, here)


WITH_LINE = {"current_limit_amt": 2_000_000, "statement_count_365d": 12.0}


def asks(amount_amt: int, days: int | None = None) -> Context:
    kind = "permanent" if days is None else "temporary"
    return a_context(
        is_customer_initiated=True, asked_for="limit", asked_amt=amount_amt, asked_kind=kind, asked_days=days
    )


def promised() -> Customers:
    customers = some_customers(WITH_LINE)
    quote = {"standing_limit_quote_amt": np.array([2_500_000.0]), "standing_limit_quote_until_days": np.array([3.2])}
    return replace(customers, facts=dict(customers.facts) | quote)


ANSWERS = [
    answer_of(),
    answer_of(has_open_fraud_case=True, has_open_complaint=True),
    answer_of(decided(some_customers(negative_balance_days_180d=99))),
    answer_of(decided(scorers=FixedScorers(offset=9.0))),
    answer_of(decided(some_customers(WITH_LINE), context=asks(9_000_000))),
    answer_of(decided(some_customers(WITH_LINE), FixedScorers(offset=-6.0), context=asks(2_400_000, days=20))),
    answer_of(decided(promised())),
    answer_of(decided(some_customers(IN_DEBT), is_in_hardship=True)),
    answer_of(decided(some_customers(IN_DEBT), is_in_hardship=True, has_open_fraud_case=True)),
]


def test_every_field_of_an_answer_is_listed_for_somebody():
    found = {path for answer in ANSWERS for path in paths(answer)}
    unlisted = {path for path in found if not may_see("risk", path)}
    assert unlisted == set()


def test_every_listed_field_stands_in_an_answer():
    found = {path for answer in ANSWERS for path in paths(answer)}
    listed = {path.removesuffix(".*") for path in FIELD_SCOPES}
    absent = {path for path in listed if path not in found}
    # Plan rules, terms that differ and texts of help show only where a policy makes them.
    assert {path.split(".")[0] for path in absent} <= {"help", "plans_not_offered", "plans_principal_reasons"}


def test_a_new_field_is_hidden_until_it_is_listed_and_an_auditor_sees_it():
    answer = ANSWERS[0] | {"secret": 1, "limit": ANSWERS[0]["limit"] | {"secret": 2}}
    for audience in AUDIENCES[:-1]:
        assert "secret" not in str(view_of(answer, audience))
    assert view_of(answer, "auditor") == answer


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_audience_sees_at_least_what_the_one_before_sees(answer: dict[str, Any]):
    seen = [set(paths(view_of(answer, audience))) for audience in AUDIENCES]
    for less, more in pairwise(seen):
        assert less <= more


@pytest.mark.parametrize("audience", ["customer", "agent"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_customer_and_agent_see_no_number_of_a_model_and_no_rule(answer: dict[str, Any], audience: Any):
    names = {path.rsplit(".", 1)[-1] for path in paths(view_of(answer, audience))}
    assert names.isdisjoint(NUMBERS)


def test_an_agent_sees_the_form_of_the_curve_without_its_money_and_a_customer_nothing_of_it():
    drawn = [answer for answer in ANSWERS if view_of(answer, "agent")["limit"]["shape"]]
    assert drawn
    for answer in drawn:
        shape, limit = view_of(answer, "agent")["limit"]["shape"], answer["limit"]
        assert [one["limit_amt"] for one in shape] == sorted(one["limit_amt"] for one in limit["curve"])
        assert {type(one["worth_level"]) for one in shape} == {int}
        assert max(abs(one["worth_level"]) for one in shape) == 20
        assert next(one["worth_level"] for one in shape if one["limit_amt"] == limit["current_amt"]) == 0
        assert all(one["is_open"] == (one["limit_amt"] <= limit["max_amt"]) for one in shape)
        assert "shape" not in view_of(answer, "customer")["limit"]


def test_where_a_rule_must_not_be_told_no_curve_lets_it_be_guessed_at():
    answer = answer_of(has_open_fraud_case=True)
    assert any(drop["tell"] == "risk_only" for drop in answer["limit"]["why_not"])
    assert view_of(answer, "agent")["limit"]["shape"] == []


@pytest.mark.parametrize("audience", ["reviewer", "risk", "auditor"])
def test_who_judges_sees_values_thresholds_and_the_curve(audience: Any):
    seen = set(paths(view_of(ANSWERS[0], audience)))
    assert {"limit.curve.pd_12m", "limit.curve.expected_profit_amt", "not_offered.threshold"} <= seen


def test_only_those_who_measure_see_the_cell_and_the_probability_of_being_primary():
    for audience in AUDIENCES:
        seen = set(paths(view_of(ANSWERS[0], audience)))
        assert ({"measuring.standing_cell", "offers.pscore"} <= seen) is (audience in {"risk", "auditor"})


@pytest.mark.parametrize("audience", ["customer", "agent"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_must_not_be_told_leaves_neither_name_nor_sentence(audience: Any, language: str):
    answer = answer_of(decided(context=a_context(language=language), has_open_fraud_case=True))
    hits = [drop for drop in answer["limit"]["why_not"] if drop["tell"] == "risk_only"]
    assert hits
    view = str(view_of(answer, audience))
    for drop in hits:
        assert drop["rule_id"] not in view
        assert drop["because"] not in view
        assert drop["neutral"] in view
    assert view_of(answer, audience)["limit"]["binding_text"] == hits[0]["neutral"]
    assert hits[0]["because"] in str(view_of(answer, "reviewer"))


def test_a_customer_does_not_hear_what_is_for_the_agent():
    answer = answer_of(has_open_complaint=True)
    drop = next(one for one in answer["limit"]["why_not"] if one["tell"] == "agent")
    assert drop["because"] in str(view_of(answer, "agent"))
    assert drop["because"] not in str(view_of(answer, "customer"))


# ---- principal reasons -----------------------------------------------------------------------------------


def test_a_refusal_has_at_most_four_specific_reasons_the_gravest_first():
    refused = answer_of(decided(some_customers(negative_balance_days_180d=99, history_days=1), has_open_complaint=True))
    limit = refused["limit"]
    reasons = limit["principal_reasons"]
    assert 1 <= len(reasons) <= 4
    rules = [reason["code"] for reason in reasons if reason["kind"] == "rule"]
    assert rules == [drop["rule_id"] for drop in limit["why_not"]][: len(rules)]
    kinds = [reason["kind"] for reason in reasons]
    assert kinds == sorted(kinds, key=["rule", "constraint", "model"].index)


def test_factors_of_the_model_stand_in_the_order_of_what_they_added():
    risky = answer_of(decided(scorers=FixedScorers(offset=9.0)))
    reasons = risky["limit"]["principal_reasons"]
    weights = [reason["weight"] for reason in reasons if reason["kind"] == "model"]
    assert weights
    assert weights == sorted(weights, reverse=True)
    assert risky["limit"]["binding"] == "DEFAULT_RISK"
    # That a limit was met is no reason: what raised the risk is.
    assert "DEFAULT_RISK" not in {reason["code"] for reason in reasons}


def test_no_plan_without_a_reason_that_may_be_said():
    refused = answer_of(has_open_complaint=True)
    assert refused["plans"] == []
    for audience in ("customer", "agent"):
        view = view_of(refused, audience)
        assert view["plans_none_because"]
        assert view["plans_principal_reasons"][0]["because"] == view["plans_none_because"]


def test_what_is_suggested_needs_no_reason_against_it():
    shown = ANSWERS[0]
    assert shown["plans"]
    assert (shown["limit"]["principal_reasons"], shown["plans_principal_reasons"]) == ([], [])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_sentence_of_the_standard_policy_hides_behind_a_policy_or_a_score(language: str):
    policy = a_policy()
    rules = [rule.because[language] for kind in ("offer", "limit", "plan") for rule in rules_of(policy, kind)]
    reasons = [one.in_language(language) for one in (*policy.reasons.against.values(),)]
    for sentence in (*rules, *reasons):
        for empty in (
            "our policy",
            "our criteria",
            "our score",
            "score too low",
            "综合评分不足",
            "系统判定",
            "不符合政策",
        ):
            assert empty not in sentence.lower()


def rules_of(policy: Policy, kind: str) -> list[Any]:
    decisions = decided()
    return list({"offer": decisions.offers, "limit": decisions.limit, "plan": decisions.plans}[kind].rules)


# ---- holdouts ----------------------------------------------------------------------------------------------


def test_the_answer_says_in_which_cell_and_holdouts_the_customer_is():
    everybody = replace(a_policy(), cells=CellPolicy(1.0, 0.0, {"spring": 1.0}))
    measuring = answer_of(policy=everybody)["measuring"]
    assert measuring == {
        "standing_cell": "business_as_usual",
        "holdouts": ["spring"],
        "is_held_out": True,
        "control_of_campaigns": [],
    }
