"""Short builders of rule files, each rule with sensible defaults that a test overrides by name."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from linewise.policy.rules import RuleEntry, RuleSource

DEFAULTS: dict[str, Any] = {
    "rule_id": "R-1",
    "scope": "decision",
    "applies_to": ["limit"],
    "stage": "eligibility",
    "effect": "BLOCK",
    "when": "age_years < 18",
    "on_missing": "block",
    "because": {"zh-CN": "未满十八周岁。", "en": "Under eighteen."},
    "tell": "customer",
    "source": "a test",
    "verified": "d",
    "effective_from": "2026-01-01",
    "tests": [{"hits": True}],
}


def a_rule(**changes: Any) -> dict[str, Any]:
    """One rule as it stands in a file; a change to None leaves the key out."""
    return {name: value for name, value in (DEFAULTS | changes).items() if value is not None}


def an_entry(**changes: Any) -> RuleEntry:
    return RuleEntry.model_validate(a_rule(**changes))


def write_pack(folder: Path, pack: str, rules: Sequence[Mapping[str, Any]]) -> Path:
    """A file of rules in a policy folder."""
    path = folder / "rules" / f"{pack}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"pack": pack, "version": "1", "rules": [dict(one) for one in rules]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def a_source(path: Path = Path("rules.yaml"), **changes: Any) -> RuleSource:
    entry = an_entry(**changes)
    return RuleSource(entry, "bank", path, 0, dict(entry.params))
