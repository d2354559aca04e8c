"""What a decision obliges somebody to: the rules it hit, as duties with an owner and a date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, hardship_action, plan_action
from linewise.core.working_days import add_days, add_working_days
from linewise.decisioning.hardship import ART70, STEPS
from linewise.decisioning.rule import TAKING_EFFECTS, Rule, RuleDuty
from linewise.decisioning.types import Bools, Decisions
from linewise.ledger.asked import Asked
from linewise.ledger.duties import Duty

__all__ = ["COUNTER_OFFER_RULE", "due_of", "duties_of", "duty_id_of", "owner_of"]

COUNTER_OFFER_RULE = "US-B-9C"
"""12 CFR 1002.9(a)(1)(iv): whoever was offered less than they asked, and does not take it, is told why."""

OWNERS = {"agent": "agent", "reviewer": "reviewer", "compliance": "compliance", "customer": "operations"}
"""Who answers for a duty, by whom it is for: what is owed to a customer is sent by operations."""

TOLD_EVERYTHING = frozenset({"reviewer", "compliance"})
"""For whom a duty may name what an agent and a customer are not told."""

WHEN_SHOWN = frozenset({"NOTIFY", "DISCLOSE", "REQUIRE_DOC"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One thing that was decided: its action, whether it is put forward, which rules hit it, the amount at stake."""

    action_id: str
    is_shown: bool
    rules: tuple[Rule, ...]
    hits: Bools
    amount_amt: int | None
    is_asked: bool


def duty_id_of(decision_id: str, rule_id: str, action_id: str) -> str:
    """The same id for the same duty, however often it is worked out."""
    return str(uuid5(NAMESPACE_URL, f"linewise:{decision_id}:{rule_id}:{action_id}"))


def due_of(duty: RuleDuty, opened_at: datetime) -> datetime:
    """By when the duty of a rule is to be done."""
    if duty.due_working_days is not None:
        return add_working_days(opened_at, duty.due_working_days)
    return add_days(opened_at, duty.due_days or 0)


def owner_of(audience: str) -> str:
    """Who answers for a duty that is for these."""
    return OWNERS[audience]


def duties_of(decisions: Decisions, row: int, decision_id: str, asked: Asked | None = None) -> list[Duty]:
    """The duties that the decision on one customer of the chunk creates, in the order of its candidates.

    What is shown opens NOTIFY, DISCLOSE and REQUIRE_DOC; a refusal of what the customer asked for opens
    NOTIFY too, and so does whatever compliance is told, once a decision and about no single candidate.
    HUMAN_REVIEW opens where nothing but a review takes the candidate away: a person cannot lift
    a law. A counter-offer opens the notice that is owed unless it is taken.
    """
    found: dict[str, Duty] = {}
    for one in _candidates(decisions, row, asked):
        for rule in _obliging(one):
            duty = _duty(decisions, row, decision_id, one, rule)
            found.setdefault(duty.duty_id, duty)
    return list(found.values())


def _candidates(decisions: Decisions, row: int, asked: Asked | None) -> Iterator[_Candidate]:
    offers, limit = decisions.offers, decisions.limit
    what = asked.what if asked else ""
    for column in _hit_by_obliging(offers.rules, offers.hits[row]):
        offer_id = offers.offer_id[column]
        is_asked = what == "offer" and asked is not None and asked.action_id in ("", offer_id)
        is_shown = bool(offers.rank[row, column] >= 0 or offers.help_rank[row, column] >= 0)
        yield _Candidate(offer_id, is_shown, offers.rules, offers.hits[row, column], None, is_asked)
    suggested, current = int(limit.temporary_amt[row] or limit.suggested_amt[row]), int(limit.current_amt[row])
    is_raised = suggested > current
    amount = asked.amount_amt if asked and what == "limit" else suggested if is_raised else None
    yield _Candidate(LIMIT_ACTION, is_raised, limit.rules, limit.hits[row], amount, what == "limit")
    if asked and what == "limit" and asked.amount_amt and is_raised and suggested < asked.amount_amt:
        is_counter = np.array([rule.rule_id == COUNTER_OFFER_RULE for rule in limit.rules], dtype=bool)
        yield _Candidate(LIMIT_ACTION, True, limit.rules, is_counter, asked.amount_amt, is_asked=True)
    yield from _plan_candidates(decisions, row, is_asked=what == "plan")
    hardship = decisions.hardship
    # What a personal plan obliges to is owed once one is proposed, not by everybody who is helped.
    if hardship.proposed[row] == STEPS.index(ART70):
        owed, action = int(hardship.owed_amt[row]), hardship_action(ART70)
        yield _Candidate(action, True, hardship.rules, hardship.hits[row], owed, is_asked=what == "plan")


def _plan_candidates(decisions: Decisions, row: int, *, is_asked: bool) -> Iterator[_Candidate]:
    plans = decisions.plans
    amount = int(plans.amount_amt[row])
    for column in _hit_by_obliging(plans.rules, plans.hits[row]):
        term = int(plans.term_months[column])
        is_shown = bool(plans.is_shown[row, column])
        # One review is enough for the terms of a plan that were withheld; what is shown is taken one by one.
        action_id = plan_action(term) if is_shown else PLAN_GROUP
        yield _Candidate(action_id, is_shown, plans.rules, plans.hits[row, column], amount, is_asked)


def _obliging(one: _Candidate) -> Iterator[Rule]:
    """The rules among those that hit whose duty is owed."""
    hit = [one.rules[place] for place in np.flatnonzero(one.hits).tolist()]
    only_review = all(rule.effect == "HUMAN_REVIEW" for rule in hit if rule.effect in TAKING_EFFECTS)
    for rule in hit:
        is_owed = (
            (rule.effect in WHEN_SHOWN and one.is_shown)
            or (rule.effect == "NOTIFY" and (one.is_asked or _is_of_decision(rule)))
            or (rule.effect == "HUMAN_REVIEW" and only_review)
        )
        if rule.duty is not None and is_owed:
            yield rule


def _hit_by_obliging(rules: tuple[Rule, ...], hits: Bools) -> list[int]:
    """Which of some candidates any rule hit that may oblige somebody; hits (n_candidates, n_rules)."""
    return np.flatnonzero((hits & _obliges(rules)).any(axis=1)).tolist()


@lru_cache(maxsize=64)
def _obliges(rules: tuple[Rule, ...]) -> Bools:
    """Which rules may oblige anybody to anything, (n_rules,)."""
    return np.array([rule.duty is not None for rule in rules], dtype=np.bool_)


def _is_of_decision(rule: Rule) -> bool:
    """Whether the rule obliges the bank's own people whatever is suggested, as a complaint does."""
    return rule.effect == "NOTIFY" and rule.duty is not None and rule.duty.audience == "compliance"


def _duty(decisions: Decisions, row: int, decision_id: str, one: _Candidate, rule: Rule) -> Duty:
    assert rule.duty is not None  # noqa: S101  only obliging rules come here
    context, audience = decisions.context, rule.duty.audience
    action_id = "" if _is_of_decision(rule) else one.action_id
    is_told = rule.tell != "risk_only" or audience in TOLD_EVERYTHING
    return Duty(
        duty_id=duty_id_of(decision_id, rule.rule_id, action_id),
        decision_id=decision_id,
        customer_id=str(decisions.customers.customer_id[row]),
        rule_id=rule.rule_id,
        action_id=action_id,
        effect=rule.effect,
        what=(rule.duty.what if is_told else rule.neutral)[context.language],
        audience=audience,
        owner=owner_of(audience),
        due_at=due_of(rule.duty, context.decided_at),
        is_blocking=rule.duty.is_blocking,
        opened_at=context.decided_at,
        amount_amt=one.amount_amt,
        lapses_when_accepted=rule.rule_id == COUNTER_OFFER_RULE,
    )
