"""Whether the expressions of each rule can be read: columns, types, parameters, and examples that hold."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.errors import PolicyInvalid
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.policy.amounts import amount_in_minor
from linewise.policy.checking.draft import Draft, kinds_of
from linewise.policy.checking.finding import Finding
from linewise.policy.rules import RuleSet, RuleSource, compile_rules, vocabulary

__all__ = ["rule_examples", "rule_expressions"]

RESULTS = ("hits", "cap")
"""What an example says of the result; all its other keys are columns."""


def _as_in_examples(source: RuleSource) -> RuleSource:
    """The rule with its amounts in the currency that it names first: its examples are written in that one."""
    amounts = {
        name: float(amount_in_minor(amount, currency))
        for name, by_currency in source.rule.params_amt.items()
        for currency, amount in list(by_currency.items())[:1]
    }
    return replace(source, params=source.rule.params | amounts)


def _compiled(source: RuleSource, kind: str, draft: Draft) -> RuleSet:
    features = draft.bank.rule_features if source.rule.applies_to else ()
    return compile_rules([source], vocabulary(kind, features), kind)


def rule_expressions(draft: Draft) -> Iterator[Finding]:
    """Every expression of every rule, also of packs that this bank does not use."""
    for source in draft.rules:
        for kind in kinds_of(source):
            try:
                _compiled(source, kind, draft)
            except PolicyInvalid as err:
                problem, next_step = _explained(err, draft)
                file = draft.name_of(source.path)
                yield Finding("expression", "error", file, err.line, source.rule.rule_id, problem, next_step)
                break


def _explained(err: PolicyInvalid, draft: Draft) -> tuple[str, str]:
    """The problem and what to do; a feature that exists and is not allowed is told apart from an unknown name."""
    for name, purposes in draft.bank.allowed_for.items():
        if f"'{name}'" in err.problem and "eligibility" not in purposes:
            problem = f"the feature {name!r} may not decide on eligibility, only on {', '.join(purposes)}."
            return problem, "Use a feature that may, or a column of the register."
    return err.problem, err.expected or "Mend the expression."


def rule_examples(draft: Draft) -> Iterator[Finding]:
    """The examples beside a rule hold, name columns that it may name, and show both sides."""
    for source in draft.rules:
        try:
            sets = {kind: _compiled(_as_in_examples(source), kind, draft) for kind in kinds_of(source)}
        except PolicyInvalid:
            continue  # told by rule_expressions
        for number, example in enumerate(source.rule.tests):
            yield from _example(draft, source, sets, number, example)
        sides = {bool(example["hits"]) for example in source.rule.tests if "hits" in example}
        if len(sides) == 1 and source.rule.effect != "CAP":
            problem = f"its examples show only that it {'hits' if True in sides else 'does not hit'}."
            yield draft.about_rule("examples", "warning", source, ("tests",), problem, "Add one of the other side.")


def _example(
    draft: Draft, source: RuleSource, sets: Mapping[str, RuleSet], number: int, example: Mapping[str, Any]
) -> Iterator[Finding]:
    at = ("tests", number)
    known = {*RULE_COLUMNS, *draft.bank.allowed_for}
    if "hits" not in example:
        yield draft.about_rule(
            "examples", "error", source, at, "the example does not say 'hits'.", "Add hits: true or false."
        )
        return
    for name in sorted(set(example) - known - set(RESULTS)):
        problem = f"the example names {name!r}, which is no column."
        yield draft.about_rule("examples", "error", source, (*at, name), problem, "Name a column that the rule uses.")
    for kind, rules in sets.items():
        row = {name: _cell(value) for name, value in example.items() if name not in RESULTS}
        found = rules.evaluate(row, 1)
        hit, cap = bool(found.hit[0, 0]), float(found.cap_amt[0, 0])
        if hit != bool(example["hits"]):
            problem = (
                f"the example says hits: {str(example['hits']).lower()}, the rule says {str(hit).lower()} for {kind}."
            )
            yield draft.about_rule("examples", "error", source, at, problem, "Mend the rule or the example.")
        elif "cap" in example and cap != float(example["cap"]):
            problem = f"the example expects a cap of {example['cap']}, the rule gives {cap:g} for {kind}."
            yield draft.about_rule("examples", "error", source, at, problem, "Mend the rule or the example.")


def _cell(value: Any) -> NDArray[Any]:
    return np.array([value]) if isinstance(value, str) else np.array([np.nan if value is None else float(value)])
