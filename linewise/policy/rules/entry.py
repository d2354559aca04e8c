"""One rule as a policy author writes it, and what is taken for granted where the author is silent."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from linewise.decisioning.rule import EFFECTS, CandidateKind, RuleDuty
from linewise.policy.amounts import MajorAmounts
from linewise.policy.catalogue import Sentences
from linewise.policy.yaml_source import Strict

__all__ = ["Audience", "DutyEntry", "RuleEntry", "RulesFile", "Scope", "Severity"]

Scope = Literal["decision", "campaign", "promotion", "screen", "bank"]
Severity = Literal["legal", "safety", "consent", "cap", "contact", "eligibility", "ranking"]
Audience = Literal["customer", "agent", "reviewer", "compliance"]

SEVERITY_OF_EFFECT: dict[str, Severity] = {
    "SUPPRESS": "safety",
    "HOLD": "contact",
    "REQUIRE_CONSENT": "consent",
    "CAP": "cap",
    "BLOCK": "eligibility",
    "HUMAN_REVIEW": "eligibility",
}
"""The severity of a rule that names none; effects that take nothing away rank last."""


class DutyEntry(Strict):
    """What a hit obliges somebody to, by when; `for` is whom it is owed to or who must act.

    Without `what` the rule's own sentence says it. `is_done_by_own_act`: it is done once the customer has read the
    table of all costs and agreed by an act of their own (docs/own-act.md).
    """

    what: Sentences | None = None
    audience: Annotated[Audience, Field(alias="for")]
    due_days: Annotated[int, Field(ge=0)] | None = None
    due_working_days: Annotated[int, Field(ge=0)] | None = None
    is_blocking: bool
    is_done_by_own_act: bool = False

    @model_validator(mode="after")
    def _has_one_date(self) -> Self:
        if (self.due_days is None) == (self.due_working_days is None):
            raise ValueError("a duty has either due_days or due_working_days")
        if self.is_done_by_own_act and self.audience != "customer":
            raise ValueError("what is done by the customer's own act is owed to the customer")
        return self


def _duty(audience: Audience, due_days: int, *, is_blocking: bool) -> DutyEntry:
    return DutyEntry.model_validate({"for": audience, "due_days": due_days, "is_blocking": is_blocking})


DUTY_OF_EFFECT: dict[str, DutyEntry] = {
    # Said before the customer's yes counts; a paper before the order; a person before the refusal is final;
    # a notice afterwards, within the 30 days of 12 CFR 1002.9(a)(1), the shortest general term in the packs.
    "DISCLOSE": _duty("agent", 0, is_blocking=True),
    "REQUIRE_DOC": _duty("customer", 30, is_blocking=True),
    "HUMAN_REVIEW": _duty("reviewer", 15, is_blocking=True),
    "NOTIFY": _duty("customer", 30, is_blocking=False),
}
"""The duty of a rule that names none."""


class RuleEntry(Strict):
    """One rule as a policy author writes it.

    `when` is true where the rule takes effect; a missing input follows `on_missing`. `value` and
    `threshold` are expressions whose results are shown to those who may see them. `cap` (CAP rules only)
    is the highest amount allowed, in minor units. `params` are numbers that the expressions name as
    `:name`; `params_amt` are amounts in major units by currency, filled in minor units of the bank's.
    Rules of the scope `decision` say which candidates they are for; the other scopes have their own checks.
    """

    rule_id: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]+$")]
    scope: Scope
    applies_to: list[CandidateKind] = Field(default_factory=list)
    stage: Literal["eligibility", "applicability", "suitability", "contact_policy"] | None = None
    effect: str
    severity: Severity | None = None
    is_on: bool = True
    when: str
    params: dict[str, float] = Field(default_factory=dict)
    params_amt: dict[str, MajorAmounts] = Field(default_factory=dict)
    value: str | None = None
    threshold: str | None = None
    cap: str | None = None
    on_missing: Literal["block", "pass"]
    because: Sentences
    tell: Literal["customer", "agent", "risk_only"]
    neutral: Sentences | None = None
    duty: DutyEntry | None = None
    source: str
    verified: Literal["v", "k", "d"]
    effective_from: date
    effective_to: date | None = None
    tests: Annotated[list[dict[str, Any]], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.effect not in EFFECTS:
            raise ValueError(f"effect must be one of {', '.join(EFFECTS)}")
        if (self.effect == "CAP") != (self.cap is not None):
            raise ValueError("a CAP rule, and only a CAP rule, has 'cap'")
        if self.tell == "risk_only" and self.neutral is None:
            raise ValueError("a rule that must not be told needs a neutral sentence")
        if (self.scope == "decision") != bool(self.applies_to):
            raise ValueError("a rule of scope 'decision', and no other, names what it applies_to")
        if self.scope == "decision" and self.stage is None:
            raise ValueError("a rule of scope 'decision' has a stage")
        if self.duty is not None and self.effect not in DUTY_OF_EFFECT:
            raise ValueError(f"only {', '.join(DUTY_OF_EFFECT)} create a duty")
        if twice := set(self.params) & set(self.params_amt):
            raise ValueError(f"{', '.join(sorted(twice))} stands in params and in params_amt")
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to lies before effective_from")
        return self

    @property
    def weight(self) -> Severity:
        """The severity as written, or that of the effect."""
        return self.severity or SEVERITY_OF_EFFECT.get(self.effect, "ranking")

    @property
    def obligation(self) -> RuleDuty | None:
        """The duty as written, or that of the effect; None where the effect obliges to nothing."""
        entry = self.duty or DUTY_OF_EFFECT.get(self.effect)
        if entry is None:
            return None
        what = (entry.what or self.because).by_language()
        return RuleDuty(what, entry.audience, entry.due_days, entry.due_working_days, entry.is_blocking)


class RulesFile(Strict):
    """A file of rules: one pack, or a part of one."""

    pack: str
    version: str
    rules: Annotated[list[RuleEntry], Field(min_length=1)]
