"""A rule as its author writes it: contradictions are refused, silence has a meaning."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.linewise.policy.rules.builders import an_entry

TWO_DATES = {"for": "agent", "due_days": 1, "due_working_days": 1, "is_blocking": False}
SOMETHING = {"zh-CN": "…", "en": "…"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effect": "VANISH"}, "effect must be one of"),
        ({"effect": "CAP"}, "has 'cap'"),
        ({"cap": "1"}, "has 'cap'"),
        ({"tell": "risk_only"}, "neutral sentence"),
        ({"applies_to": None}, "names what it applies_to"),
        ({"scope": "bank"}, "names what it applies_to"),
        ({"stage": None}, "has a stage"),
        ({"effect": "LOG", "duty": {"for": "agent", "due_days": 1, "is_blocking": False}}, "create a duty"),
        ({"effect": "NOTIFY", "duty": {"for": "agent", "is_blocking": False}}, "either due_days"),
        ({"effect": "NOTIFY", "duty": TWO_DATES}, "either due_days"),
        ({"effect": "NOTIFY", "duty": {"for": "nobody", "due_days": 1, "is_blocking": False}}, "duty.for"),
        ({"params": {"most": 1.0}, "params_amt": {"most": {"CNY": 1}}}, "most stands in params and in params_amt"),
        ({"effective_to": "2025-12-31"}, "before effective_from"),
        ({"severity": "grave"}, "severity"),
        ({"tests": []}, "tests"),
    ],
)  # fmt: skip
def test_a_rule_that_contradicts_itself_is_refused(changes: dict[str, Any], said: str):
    with pytest.raises(ValidationError, match=said):
        an_entry(**changes)


@pytest.mark.parametrize(
    ("effect", "severity"),
    [
        ("SUPPRESS", "safety"), ("REQUIRE_CONSENT", "consent"), ("HOLD", "contact"), ("BLOCK", "eligibility"),
        ("NOTIFY", "ranking"), ("REPORT", "ranking"),
    ],
)  # fmt: skip
def test_a_rule_without_a_severity_has_that_of_its_effect(effect: str, severity: str):
    assert an_entry(effect=effect).weight == severity
    assert an_entry(effect=effect, severity="legal").weight == "legal"


@pytest.mark.parametrize(
    ("effect", "audience", "is_blocking"),
    [
        ("DISCLOSE", "agent", True), ("REQUIRE_DOC", "customer", True), ("HUMAN_REVIEW", "reviewer", True),
        ("NOTIFY", "customer", False),
    ],
)  # fmt: skip
def test_an_effect_that_obliges_has_a_duty_also_where_the_author_names_none(effect, audience, is_blocking):
    duty = an_entry(effect=effect).obligation
    assert (duty.audience, duty.is_blocking) == (audience, is_blocking)
    assert duty.what["en"] == "Under eighteen."


def test_a_duty_as_written_goes_before_that_of_the_effect():
    written = {"what": SOMETHING, "for": "compliance", "due_working_days": 3, "is_blocking": True}
    duty = an_entry(effect="NOTIFY", duty=written).obligation
    assert (duty.audience, duty.due_days, duty.due_working_days) == ("compliance", None, 3)
    assert duty.what == SOMETHING


def test_what_is_only_blocked_or_logged_obliges_nobody():
    assert an_entry(effect="BLOCK").obligation is None
    assert an_entry(effect="LOG").obligation is None
