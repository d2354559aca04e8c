"""Why not: what took a candidate away, rule by rule, and the few principal reasons of a refusal."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from linewise.decisioning.rule import Rule, takers_of_each
from linewise.decisioning.types import Bools, Decisions, Floats
from linewise.policy.policy import Policy

__all__ = ["MOST_REASONS", "drops_of", "drops_of_each", "limit_reasons", "number", "principal", "said"]

MOST_REASONS = 4
"""More do not help a person: commentary on 12 CFR 1002.9(b)(2)."""

GENERIC = frozenset({"DEFAULT_RISK", "VALUE", "NO_SPECIFIC_REASON"})
"""Constraints that say no more than that a limit was met: the factors behind them are the reasons."""

NOT_NOW = "NOT_NOW"
"""What a customer is told of a rule that is not theirs to hear."""


def number(value: float) -> float | int | None:
    """A finite number, whole where it is whole; None for a missing one (JSON knows no NaN)."""
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


@lru_cache(maxsize=2048)
def _told(rule: Rule, language: str, not_now: str) -> Mapping[str, Any]:
    """What a rule says of every candidate that it takes away; rules are compared by identity.

    To the customer its own sentence where it may be told, else its neutral one, else `not_now`.
    """
    because, neutral = rule.because[language], rule.neutral[language]
    unless_told = neutral if neutral != because else not_now
    return {
        "stage": rule.stage,
        "rule_id": rule.rule_id,
        "effect": rule.effect,
        "because": because,
        "tell": rule.tell,
        "neutral": neutral,
        "for_customer": because if rule.tell == "customer" else unless_told,
    }


def _drop(rule: Rule, value: float, threshold: float, policy: Policy, language: str) -> dict[str, Any]:
    not_now = policy.reasons.constraints[NOT_NOW].in_language(language)
    return {**_told(rule, language, not_now), "value": number(value), "threshold": number(threshold)}


def drops_of(
    rules: tuple[Rule, ...], hits: Bools, values: Floats, thresholds: Floats, policy: Policy, language: str,
    *, is_asked_for: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    """The rules that took one candidate away, the gravest first; hits, values, thresholds (n_rules,)."""
    of_one = (hits[None], values[None], thresholds[None])
    return drops_of_each(rules, *of_one, policy, language, is_asked_for=is_asked_for)[0]


def drops_of_each(
    rules: tuple[Rule, ...], hits: Bools, values: Floats, thresholds: Floats, policy: Policy, language: str,
    *, is_asked_for: bool,
) -> list[list[dict[str, Any]]]:  # fmt: skip
    """The same for each of some candidates; hits, values, thresholds (n_candidates, n_rules)."""
    return [
        [_drop(rules[i], float(values[one, i]), float(thresholds[one, i]), policy, language) for i in places]
        for one, places in enumerate(takers_of_each(rules, hits, is_asked_for=is_asked_for))
    ]


def _of_drop(drop: dict[str, Any]) -> dict[str, Any]:
    kept = ("because", "tell", "neutral", "for_customer")
    return {"code": drop["rule_id"], "kind": "rule", "weight": None} | {name: drop[name] for name in kept}


def said(code: str, kind: str, text: str, weight: float | None = None) -> dict[str, Any]:
    """A reason that is no rule's, in a sentence that everybody may hear."""
    told = {"because": text, "tell": "customer", "neutral": text, "for_customer": text}
    return {"code": code, "kind": kind, "weight": weight} | told


def principal(reasons: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first four that say different things."""
    distinct: dict[str, dict[str, Any]] = {}
    for reason in reasons:
        distinct.setdefault(reason["because"], reason)
    return list(distinct.values())[:MOST_REASONS]


def limit_reasons(
    decisions: Decisions, row: int, drops: Sequence[dict[str, Any]], policy: Policy, language: str
) -> list[dict[str, Any]]:
    """Why no higher limit is suggested, in the order of true weight; empty where one is, or was granted as asked.

    First what forbids it, by gravity; then the quantity that bound it; then the factors that raised the
    score, by what they added to it. A constraint that only says that a limit was met is no reason while
    there is a factor behind it.
    """
    limit = decisions.limit
    answer = str(limit.request_answer[row])
    if answer == "approved" or (answer != "countered" and limit.suggested_amt[row] > limit.current_amt[row]):
        return []
    factors = [
        said(code, "model", policy.reasons.against[code].in_language(language), weight)
        for code, weight in (limit.contributions[row] if limit.contributions else ())
    ]
    found = [_of_drop(drop) for drop in drops]
    binding = str(limit.binding[row])
    bound = _bound(decisions, row, binding, policy, language)
    if bound is not None and binding not in GENERIC:
        found.append(bound)
    found += factors
    if not found and bound is not None:
        found.append(bound)
    return principal(found)


def _bound(decisions: Decisions, row: int, binding: str, policy: Policy, language: str) -> dict[str, Any] | None:
    if binding in policy.reasons.constraints:
        return said(binding, "constraint", policy.reasons.constraints[binding].in_language(language))
    limit = decisions.limit
    for i, rule in enumerate(limit.rules):
        if rule.rule_id == binding and rule.effect == "CAP":
            value, threshold = float(limit.hit_value[row, i]), float(limit.hit_threshold[row, i])
            return _of_drop(_drop(rule, value, threshold, policy, language))
    return None  # a rule that forbids stands among the drops already
