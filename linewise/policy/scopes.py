"""Rules beside decisions: checks of a campaign, of a model's promotion, of a screen or text, and of the bank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.rule import TAKING_EFFECTS, Rule
from linewise.policy.rules import RuleSet, RuleSource, compile_rules, vocabulary
from linewise.policy.rules.compiled import columns_of_rule

__all__ = ["CheckedScope", "Finding", "ScopeChecks"]

CheckedScope = Literal["campaign", "promotion", "screen", "bank"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds for one of the things that were checked.

    subject: the place of the thing among them. value, threshold: what made the rule hold and where it bites,
    NaN where the rule names none or an input is missing.
    """

    subject: int
    rule: Rule
    value: float
    threshold: float

    @property
    def stops(self) -> bool:
        """Whether the thing may not go on as it is; a report or a notice leaves it where it is."""
        return self.rule.effect in TAKING_EFFECTS

    def sentence(self, language: str) -> str:
        """What is said to whoever made the thing."""
        return self.rule.because[language]


class ScopeChecks:
    """The rules of the other scopes, out of those that hold for a bank."""

    def __init__(self, sources: Sequence[RuleSource]) -> None:
        self._sources = {
            scope: tuple(source for source in sources if source.rule.scope == scope) for scope in get_args(CheckedScope)
        }
        self._whole = {scope: self._compiled(scope, of_scope) for scope, of_scope in self._sources.items()}

    @staticmethod
    def _compiled(scope: CheckedScope, sources: Sequence[RuleSource]) -> RuleSet:
        return compile_rules(sources, vocabulary(scope), scope)

    def rule_ids(self, scope: CheckedScope) -> tuple[str, ...]:
        """The rules of one scope, in the order of the packs."""
        return tuple(source.rule.rule_id for source in self._sources[scope])

    def check(self, scope: CheckedScope, columns: Mapping[str, NDArray[Any]], subjects: int = 1) -> list[Finding]:
        """All rules of the scope over whole things: what is not said of them fails closed where the rule guards.

        columns: what is known of the things, each (n_subjects,), by the names of the register.
        """
        return _findings(self._whole[scope], columns, subjects)

    def check_part(self, scope: CheckedScope, columns: Mapping[str, NDArray[Any]], subjects: int = 1) -> list[Finding]:
        """Only the rules that ask for nothing but these columns: for a text or another part of a thing."""
        known, names = set(columns), vocabulary(scope)
        about = [source for source in self._sources[scope] if columns_of_rule(source, names) <= known]
        return _findings(self._compiled(scope, about), columns, subjects)


def _findings(rules: RuleSet, columns: Mapping[str, NDArray[Any]], subjects: int) -> list[Finding]:
    hits = rules.evaluate(columns, subjects)
    return [
        Finding(int(row), hits.rules[rule], float(hits.value[row, rule]), float(hits.threshold[row, rule]))
        for row, rule in np.argwhere(hits.hit)
    ]
