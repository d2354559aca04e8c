"""The plans on the agent's page show their price as the rules of the scope `screen` ask."""

import re

import pytest
from fastapi.testclient import TestClient

from linewise.policy.price_display import Shown, price_columns
from linewise.policy.rules import read_rules, rules_in_force
from linewise.policy.scopes import ScopeChecks
from linewise.policy.standard_folder import STANDARD
from tests.builders import TODAY
from tests.serving.agent.memory_desk import full_view
from tests.serving.agent.reading import ask_for


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_plan_shows_its_annualised_rate_says_that_it_is_simple_and_calls_nothing_a_fee(
    client: TestClient, language: str
) -> None:
    checks = ScopeChecks(rules_in_force(read_rules(STANDARD, "CNY"), TODAY))
    page = ask_for(client, "2143", language).text
    terms = re.findall(r'<div class="term">(.*?)</dl>', page, flags=re.DOTALL)
    plans = full_view("", "2143", language)["plans"]
    assert len(terms) == len(plans) > 0
    for markup, plan in zip(terms, plans, strict=True):
        words = re.sub(r"<[^>]+>", " ", markup)
        found = checks.check_part("screen", price_columns([Shown(words)], plan["annualised_rate_ratio"]))
        assert [one.rule.rule_id for one in found] == []
