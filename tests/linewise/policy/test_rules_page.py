"""The page of rules is made from the packs."""

from linewise.core.settings import checkout_dir
from linewise.policy.rules_page import rules_page
from tests.linewise.policy.rule_rows import all_rules


def test_the_committed_page_is_that_of_the_packs():
    committed = (checkout_dir() / "docs" / "rules.md").read_text(encoding="utf-8")
    assert committed == rules_page(), "write it anew with: python -m linewise.policy.rules_page docs/rules.md"


def test_every_rule_has_its_line():
    page = rules_page()
    assert [source.rule.rule_id for source in all_rules() if f"| `{source.rule.rule_id}`" not in page] == []
