"""A complaint is answered in time: the duty that it opens, and how far its date may move."""

from datetime import datetime, timedelta

from linewise.core.errors import Conflict
from linewise.ledger.duties import Duty
from linewise.ledger.outcomes import Outcome
from serving.scoring.duties import duty_id_of, owner_of

__all__ = ["COMPLAINT_RULE", "complaint_duty", "enforce_extension"]

COMPLAINT_RULE = "CN-COMP"
"""银保监会令2020年第3号: a complaint is answered within 15 days, a complicated one within 60 (to be checked)."""

ANSWER_DAYS = 15
LONGEST_DAYS = 60

WHAT = {
    "zh-CN": "客户就此次推荐提出投诉，须在期限内答复并留存答复记录。",
    "en": "The customer complained about what was suggested: answer in time and keep the answer.",
}


def complaint_duty(outcome: Outcome, outcome_id: str, language: str) -> Duty:
    """The duty to answer a complaint that was recorded as an outcome, counted from when it was made."""
    return Duty(
        duty_id=duty_id_of(outcome.decision_id, COMPLAINT_RULE, outcome_id),
        decision_id=outcome.decision_id,
        customer_id=outcome.customer_id,
        rule_id=COMPLAINT_RULE,
        action_id=outcome.offer_id,
        effect="NOTIFY",
        what=WHAT.get(language, WHAT["en"]),
        audience="compliance",
        owner=owner_of("compliance"),
        due_at=outcome.occurred_at + timedelta(days=ANSWER_DAYS),
        is_blocking=False,
        opened_at=outcome.occurred_at,
    )


def enforce_extension(duty: Duty, due_at: datetime) -> None:
    """Raise Conflict where the date of a complaint would move past the longest that the rule allows."""
    latest = duty.opened_at + timedelta(days=LONGEST_DAYS)
    if duty.rule_id == COMPLAINT_RULE and due_at > latest:
        raise Conflict(
            f"The answer to this complaint would be due on {due_at:%Y-%m-%d}.",
            f"A complaint is answered within {LONGEST_DAYS} days: by {latest:%Y-%m-%d} at the latest.",
        )
