"""The waterfall: at which step each customer falls, and by what.

An offer falls at the first step at which something stands against it, and a customer where the offer that came
furthest fell. The rules are those of every decision; a step is told by what a rule looks at.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.rule import TAKING_EFFECTS, Rule
from linewise.decisioning.types import Bools, Ints
from linewise.policy.policy import Policy
from linewise.policy.rules import vocabulary
from linewise.policy.rules.compiled import columns_of_rule
from serving.campaigns.plan.files import STEPS

__all__ = ["OPEN", "RuleSteps", "Verdicts", "Waterfall", "judged", "step_of"]

Words = NDArray[np.object_]

OPEN = len(STEPS)
"""Nothing stands against it."""

CONSENT = frozenset(
    {
        "is_opted_out", "has_marketing_consent", "is_on_do_not_call", "has_sensitive_data_consent",
        "has_withdrawn_profiling", "is_personalisation_off", "has_refused_automation", "is_prescreen_opted_out",
        "days_since_affiliate_opt_out",
    }
)  # fmt: skip
DECLINED = frozenset({"days_since_declined", "days_since_group_declined", "postponed_until_days"})
CAPPED = frozenset({"impression_count_30d", "is_contact_budget_spent", "instalment_pitch_count_cycle"})
ELSEWHERE = frozenset({"is_campaign_control"})

STEP_OF_SEVERITY = {"consent": "consent", "legal": "legal", "safety": "legal", "contact": "contact_caps"}
"""Where what a rule looks at does not say it; all else is eligibility."""


def step_of(name: str) -> int:
    """The place of a step of the waterfall."""
    return STEPS.index(name)


def _step(columns: frozenset[str], severity: str) -> str:
    for step, names in (("consent", CONSENT), ("recent_decline", DECLINED), ("contact_caps", CAPPED)):
        if columns & names:
            return step
    return "duplicates" if columns & ELSEWHERE else STEP_OF_SEVERITY.get(severity, "eligibility")


@dataclass(frozen=True, slots=True)
class RuleSteps:
    """The rules that take an offer away by the step at which they do: places among the rules of a decision."""

    by_step: Mapping[str, Ints]
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, policy: Policy, feature_names: Sequence[str], rules: tuple[Rule, ...]) -> "RuleSteps":
        """The steps of the rules of a decision on offers."""
        step_of_rule = _steps_of_rules(policy, feature_names)
        places: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            if rule.effect in TAKING_EFFECTS:
                places.setdefault(step_of_rule[rule.rule_id], []).append(place)
        return cls({step: np.array(found, dtype=np.int64) for step, found in places.items()}, rules)


def _steps_of_rules(policy: Policy, feature_names: Sequence[str]) -> Mapping[str, str]:
    names = vocabulary("offer", feature_names)
    return {
        source.rule.rule_id: _step(columns_of_rule(source, names), source.rule.weight)
        for source in policy.rules.sources
        if "offer" in source.rule.applies_to
    }


@dataclass(slots=True)
class Verdicts:
    """Of some customers the furthest that any offer came: step (n_customers,), OPEN where one is open, and by what.

    code (n_customers,): a rule's id, or a word of the campaign's own.
    """

    step: Ints
    code: Words

    @classmethod
    def of_nobody_yet(cls, count: int) -> "Verdicts":
        """Before any offer was looked at."""
        return cls(np.full(count, -1, dtype=np.int64), np.full(count, "NO_OFFER", dtype=object))

    def merge(self, step: Ints, code: Words) -> None:
        """Take over what came further."""
        is_further = step > self.step
        self.step[is_further] = step[is_further]
        self.code[is_further] = code[is_further]


def judged(hits: Bools, steps: RuleSteps, beside: Sequence[tuple[str, str, Bools]]) -> tuple[Ints, Words]:
    """The first step against each pair (n_customers, n_offers), and of each customer the code of the furthest one.

    hits (n_customers, n_offers, n_rules); beside: what else stands against pairs, as (step, code, where).
    Gives the step of each pair and the code of each customer's furthest pair, (n_customers,).
    """
    shape = hits.shape[:2]
    first = np.full(shape, OPEN, dtype=np.int64)
    for step in reversed(STEPS):
        places = steps.by_step.get(step)
        if places is not None:
            taken = np.logical_or.reduce([hits[:, :, place] for place in places.tolist()])
            first[taken] = step_of(step)
        for at, _, where in beside:
            if at == step:
                first[np.broadcast_to(where, shape)] = step_of(step)
    furthest = first.argmax(axis=1)
    return first, _codes(hits, steps, beside, first, furthest)


def _codes(
    hits: Bools, steps: RuleSteps, beside: Sequence[tuple[str, str, Bools]], first: Ints, furthest: Ints
) -> Words:
    rows = np.arange(len(first))
    reached = first[rows, furthest]
    code = np.full(len(first), "", dtype=object)
    names = np.array([rule.rule_id for rule in steps.rules], dtype=object)
    for step in STEPS:
        here = np.flatnonzero(reached == step_of(step))
        if not len(here):
            continue
        places = steps.by_step.get(step)
        if places is not None:
            hit = hits[here, furthest[here]][:, places]
            code[here] = np.where(hit.any(axis=1), names[places[hit.argmax(axis=1)]], "")
        for at, name, where in beside:
            if at == step:
                told = np.broadcast_to(where, first.shape)[here, furthest[here]]
                code[here[told & (code[here] == "")]] = name
    return code


@dataclass(slots=True)
class Waterfall:
    """Who was removed at each step and why; what is left follows."""

    total: int
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: {step: Counter() for step in STEPS})

    def remove(self, step: str, code: str, count: int) -> None:
        """So many fell at a step for a reason."""
        if count:
            self.reasons[step][code] += count

    def fallen(self, verdicts: Verdicts, among: Bools) -> None:
        """Count who fell among some customers, (n_customers,)."""
        fell = among & (verdicts.step < OPEN)
        if fell.any():
            told = Counter(zip(verdicts.step[fell].tolist(), verdicts.code[fell].tolist(), strict=True))
            for (step, code), count in told.items():
                self.remove(STEPS[max(step, 1)], code, count)

    def add(self, other: "Waterfall") -> None:
        """Take over who fell among others."""
        for step, reasons in other.reasons.items():
            self.reasons[step].update(reasons)

    def as_json(self) -> list[dict[str, Any]]:
        """The steps in order with who is left, as a plan tells them; the first begins with everybody."""
        left, told = self.total, []
        for step in STEPS:
            removed = sum(self.reasons[step].values())
            left -= removed
            reasons = dict(sorted(self.reasons[step].items(), key=lambda one: (-one[1], one[0])))
            told.append({"step": step, "removed": removed, "left": left, "reasons": reasons})
        return told
