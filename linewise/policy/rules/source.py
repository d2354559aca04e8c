"""A rule beside the place where it stands, so that a mistake in it is reported with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linewise.core.errors import PolicyInvalid
from linewise.decisioning.rule import Rule
from linewise.policy.rules.entry import RuleEntry
from linewise.policy.yaml_source import invalid_at

__all__ = ["RuleSource"]


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule, its pack and its place; params are its numbers, amounts among them in minor units."""

    rule: RuleEntry
    pack: str
    path: Path
    position: int
    params: Mapping[str, float]

    def invalid(self, field: str, problem: str, expected: str = "") -> PolicyInvalid:
        """The error for one field of the rule."""
        place = ("rules", self.position, field)
        return invalid_at(self.path, place, f"rule {self.rule.rule_id}: {problem}.", expected)

    def as_decided(self, applies_to: str) -> Rule:
        """What evaluating the rule gives for that kind of candidate or that scope."""
        entry = self.rule
        return Rule(
            rule_id=entry.rule_id,
            stage=entry.stage or entry.scope,
            applies_to=applies_to,
            effect=entry.effect,
            because=entry.because.by_language(),
            neutral=(entry.neutral or entry.because).by_language(),
            tell=entry.tell,
            severity=entry.weight,
            pack=self.pack,
            duty=entry.obligation,
        )
