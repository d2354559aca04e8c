"""Who may see which field of an answer: one line a field; what is not listed is hidden.

Audiences in rising order; each sees what those before it see. An auditor sees the whole answer as it was
recorded, listed or not.
"""

from collections.abc import Mapping
from typing import Literal, get_args

__all__ = ["AUDIENCES", "FIELD_SCOPES", "Audience", "may_see"]

Audience = Literal["customer", "agent", "reviewer", "risk", "auditor"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

_BY_SCOPE: Mapping[Audience, str] = {
    # A dot goes into an object, and into each object of a list; * stands for every name below.
    "customer": """
        decision_id customer_id decided_at prepared_at channel language currency
        help help.offer_id help.kind help.title help.benefit help.terms help.disclosure help.disclosure.*
        offers offers.offer_id offers.rank offers.title offers.benefit offers.terms
        offers.annual_fee_amt offers.annualised_cost_ratio offers.saved_amt
        offers.disclosure offers.disclosure.*
        offers.reasons offers.reasons.text
        offers_none_because
        not_offered not_offered.offer_id not_offered.title not_offered.because
        limit limit.current_amt limit.suggested_amt limit.kind limit.binding_text
        limit.request limit.request.asked_amt limit.request.kind limit.request.answer limit.request.counter_amt
        limit.request.what_would_change limit.request.what_would_change.text
        limit.temporary limit.temporary.* limit.components limit.components.*
        limit.standing_quote limit.standing_quote.amount_amt limit.standing_quote.days_left
        limit.principal_reasons limit.principal_reasons.because
        plans plans.kind plans.is_suggested plans.fee_form plans.term_months plans.amount_amt plans.payment_amt
        plans.last_payment_amt plans.total_cost_amt plans.annualised_rate_ratio plans.without_plan
        plans.without_plan.* plans.early_settlement plans.early_settlement.* plans.schedule plans.schedule.*
        plans_principal_reasons plans_principal_reasons.because plans_none_because
        hardship hardship.because hardship.owed_amt hardship.due_amt hardship.overdue_amt
        hardship.steps hardship.steps.step hardship.steps.says hardship.steps.is_open hardship.steps.is_proposed
        hardship.steps.needs_person hardship.steps.payment_amt hardship.steps.term_months
        hardship.steps.annualised_rate_ratio hardship.steps.total_cost_amt hardship.steps.relief_amt
        hardship.steps.agreed hardship.steps.schedule hardship.steps.schedule.*
        treatments treatments.*
    """,
    "agent": """
        as_of feature_age_days release_id versions versions.*
        help.talk_track help.rebuttals help.rebuttals.* help.say_seconds
        offers.kind offers.talk_track offers.rebuttals offers.rebuttals.* offers.say_seconds offers.confidence
        offers.reasons.code
        not_offered.stage
        limit.request.what_would_change.code limit.standing_quote.is_kept
        limit.script limit.script.* plans_script plans_script.*
        limit.shape limit.shape.limit_amt limit.shape.worth_level limit.shape.is_open
        limit.max_amt limit.binding limit.reasons limit.reasons.code limit.reasons.text
        limit.why_not limit.why_not.stage limit.why_not.because
        hardship.cause hardship.steps.action_id hardship.steps.is_enough
        hardship.personal_plan_why_not hardship.personal_plan_why_not.stage
        hardship.personal_plan_why_not.because
        plans_not_offered plans_not_offered.stage plans_not_offered.term_months plans_not_offered.because
    """,
    "reviewer": """
        offers.propensity offers.value_amt offers.priority offers.reasons.weight
        not_offered.rule_id not_offered.effect not_offered.tell not_offered.neutral not_offered.for_customer
        not_offered.value not_offered.threshold
        plans.value_amt
        limit.budget_amt limit.cautious_income_amt limit.reasons.weight
        limit.why_not.rule_id limit.why_not.effect limit.why_not.tell limit.why_not.neutral
        limit.why_not.for_customer limit.why_not.value limit.why_not.threshold
        limit.principal_reasons.*
        limit.curve limit.curve.* limit.sources limit.sources.*
        plans_not_offered.rule_id plans_not_offered.effect plans_not_offered.tell plans_not_offered.neutral
        plans_not_offered.for_customer plans_not_offered.value plans_not_offered.threshold
        plans_principal_reasons.*
        hardship.bears_amt hardship.steps.breaking_ratio hardship.personal_plan_why_not.*
        has_control_group value_basis
    """,
    "risk": """
        offers.pscore
        measuring measuring.*
    """,
}

FIELD_SCOPES: Mapping[str, Audience] = {field: scope for scope, fields in _BY_SCOPE.items() for field in fields.split()}
"""Path of a field to the least audience that may see it."""


def may_see(audience: Audience, path: str) -> bool:
    """Whether the audience may see the field of that path; a path that nobody listed is for the auditor alone."""
    parts = path.split(".")
    above = [".".join((*parts[:depth], "*")) for depth in range(1, len(parts))]
    scopes = [FIELD_SCOPES[one] for one in (path, *above) if one in FIELD_SCOPES]
    least = min((AUDIENCES.index(scope) for scope in scopes), default=AUDIENCES.index("auditor"))
    return AUDIENCES.index(audience) >= least
