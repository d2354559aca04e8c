"""The hardship ladder as it is told: every step with its terms and words, and the schedule of the one proposed."""

from datetime import date
from typing import Any

import numpy as np

from linewise.core.actions import hardship_action
from linewise.decisioning.hardship import ART70, HARDSHIP_FIRST, STEPS
from linewise.decisioning.plans import schedule_of
from linewise.decisioning.types import Decisions
from linewise.policy.policy import Policy
from serving.scoring.why_not import drops_of, number

__all__ = ["hardship_of"]

AGREED = ("PERSONAL_PLAN_DUTIES", "PERSONAL_PLAN_PROMISE", "PERSONAL_PLAN_BREACH")
"""What a personal plan has to say beside its debt, currency and schedule: 银监会令2011年第2号, Art. 70."""


def hardship_of(decisions: Decisions, row: int, policy: Policy, language: str) -> dict[str, Any] | None:
    """The lane of one customer of the chunk; None for who is not in it."""
    hardship = decisions.hardship
    if not hardship.is_on[row]:
        return None
    sentences = policy.reasons.constraints
    first_day = decisions.context.decided_at.date()
    return {
        "cause": str(hardship.cause[row]),
        "because": sentences[HARDSHIP_FIRST].in_language(language),
        "owed_amt": int(hardship.owed_amt[row]),
        "due_amt": int(hardship.due_amt[row]),
        "overdue_amt": int(hardship.overdue_amt[row]),
        "bears_amt": int(hardship.bears_amt[row]),
        "steps": [_step(decisions, row, place, policy, language, first_day) for place in range(len(STEPS))],
        "personal_plan_why_not": drops_of(
            hardship.rules,
            hardship.hits[row],
            hardship.hit_value[row],
            hardship.hit_threshold[row],
            policy,
            language,
            is_asked_for=bool(decisions.asks_for("plan")[row]),
        ),
    }


def _step(decisions: Decisions, row: int, place: int, policy: Policy, language: str, first_day: date) -> dict[str, Any]:
    hardship, step = decisions.hardship, STEPS[place]
    is_proposed = bool(hardship.proposed[row] == place)
    is_plan = bool(np.isfinite(hardship.breaking_ratio[row, place]))
    rate = number(float(hardship.annualised_rate_ratio[row, place]))
    sentences = policy.reasons.constraints
    return {
        "step": step,
        "action_id": hardship_action(step),
        "says": sentences[f"HARDSHIP_{step.upper()}"].in_language(language),
        "is_open": bool(hardship.is_open[row, place]),
        "is_enough": bool(hardship.is_enough[row, place]),
        "is_proposed": is_proposed,
        # A personal plan is negotiated by both as equals: the bank proposes, a person signs.
        "needs_person": step == ART70,
        "payment_amt": int(hardship.payment_amt[row, place]),
        "term_months": int(hardship.term_months[row, place]),
        "annualised_rate_ratio": rate,
        "total_cost_amt": int(hardship.total_cost_amt[row, place]),
        "relief_amt": int(hardship.relief_amt[row, place]),
        "breaking_ratio": number(float(hardship.breaking_ratio[row, place])),
        "agreed": [sentences[code].in_language(language) for code in AGREED] if step == ART70 else [],
        "schedule": _schedule(decisions, row, place, first_day) if is_proposed and is_plan else [],
    }


def _schedule(decisions: Decisions, row: int, place: int, first_day: date) -> list[dict[str, Any]]:
    hardship = decisions.hardship
    lines = schedule_of(
        int(hardship.owed_amt[row]),
        int(hardship.payment_amt[row, place]),
        float(hardship.nominal_rate_ratio[row, place]),
        int(hardship.term_months[row, place]),
        first_day,
    )
    return [line.as_json() for line in lines]
