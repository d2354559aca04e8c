"""Rules over a single row whose columns a test names; all others are missing."""

from datetime import date
from functools import cache

import numpy as np

from features.catalogue import FEATURE_NAMES
from linewise.decisioning.rule import CandidateKind
from linewise.policy.rules import CompiledRules, RuleSource, load_rules, read_rules
from linewise.policy.standard_folder import STANDARD

PACKS = {"cn": "CNY", "us": "USD", "eu": "EUR", "bank": "CNY"}
"""Each pack with the currency of a bank that would use it."""

ON = date(2026, 11, 25)

Value = float | str


@cache
def rules_of(pack: str) -> CompiledRules:
    """The rules of one pack that are in force."""
    return load_rules(STANDARD, FEATURE_NAMES, ON, PACKS[pack], [pack])


@cache
def all_rules() -> tuple[RuleSource, ...]:
    """All rules of all packs, whatever their dates, also those that are switched off."""
    return tuple(source for pack, currency in PACKS.items() for source in read_rules(STANDARD, currency, [pack]))


def caps(pack: str, kind: CandidateKind, **values: Value) -> dict[str, float]:
    """The rules of a pack that hit the row, each with its cap, infinite where it sets none."""
    row = {name: np.array([value]) for name, value in values.items()} or {"age_years": np.array([np.nan])}
    found = rules_of(pack).evaluate(kind, row)
    hit = zip(found.rules, found.hit[0], found.cap_amt[0], strict=True)
    return {rule.rule_id: float(cap) for rule, is_hit, cap in hit if is_hit}


def hits(pack: str, kind: CandidateKind, **values: Value) -> set[str]:
    """The rules of a pack that hit the row."""
    return set(caps(pack, kind, **values))
