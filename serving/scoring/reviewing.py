"""A reviewer's verdict on what a rule sent to a person: only what a person may lift, within delegated amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action
from linewise.core.errors import Conflict, UsageError
from linewise.decisioning.rule import TAKING_EFFECTS
from linewise.ledger.approvals import Needed
from linewise.ledger.asked import asked_in
from linewise.ledger.duties import Duty, open_duties, read_duty
from linewise.ledger.record import DecisionRecord, read_decision
from linewise.ledger.reviews import Review, Verdict, decide_review
from linewise.ledger.store import Ledger
from linewise.policy.promises import PromisePolicy
from serving.scoring.approved_quotes import quote_approved
from serving.scoring.duties import duty_id_of, owner_of

__all__ = ["Ruling", "review_duty"]

REFUSAL_NOTICE_DAYS = 30
"""12 CFR 1002.9(a)(1)(i), the shortest general term in the packs; other laws ask for no notice so soon."""

REFUSAL_NOTICE = {
    "zh-CN": "将人工复核的拒绝决定及其主要理由告知客户。",
    "en": "Tell the customer that a person refused the request, with the principal reasons.",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer says: the verdict, why, who, and up to which amount (minor units; by default what was asked)."""

    verdict: Verdict
    reasons: str
    by: str
    amount_amt: int | None = None


def review_duty(
    ledger: Ledger,
    duty_id: str,
    ruling: Ruling,
    delegated: Mapping[str, int],
    now: datetime,
    promises: PromisePolicy | None = None,
    budgets_need: Needed | None = None,
) -> Review:
    """Write a reviewer's verdict; a refusal of what the customer asked for opens the duty to tell them.

    A higher limit that is approved is quoted with it, as `promises` say (None: it is not). delegated: the most of
    each role, minor units; budgets_need: whose signatures budgets need. Raises what `decide_review` raises; Conflict
    where another rule takes the action away too, which no reviewer may lift; BudgetSpent where a budget has not
    so much left.
    """
    with ledger.engine.connect() as connection:
        duty = read_duty(connection, duty_id)
    decision = read_decision(ledger, duty.decision_id)
    if ruling.verdict == "approved":
        _enforce_liftable(decision, duty)
        _enforce_amount(duty, ruling)
    was_asked = asked_in(ledger, duty.decision_id) is not None
    with ledger.writing() as connection:
        review = decide_review(
            connection, duty_id, ruling.verdict, ruling.reasons, ruling.by, ruling.amount_amt, delegated, now
        )
        if promises is not None:
            quote_approved(connection, decision, review, promises, budgets_need, now)
        if ruling.verdict == "refused" and was_asked:
            open_duties(connection, [_refusal_notice(duty, decision, now)])
    return review


def _taken_by(answer: dict[str, Any], action_id: str) -> Iterator[str]:
    """The rules beside reviews that take an action away, as the record has them."""
    group = group_of_action(action_id) or action_id
    if group == LIMIT_ACTION:
        drops = answer["limit"]["why_not"]
    elif group == PLAN_GROUP:
        drops = answer.get("plans_not_offered", [])
    else:
        drops = [one for one in answer["not_offered"] if one["offer_id"] == action_id]
    for drop in drops:
        if drop["effect"] in TAKING_EFFECTS and drop["effect"] != "HUMAN_REVIEW" and drop["stage"] != "arbitration":
            yield drop["rule_id"]


def _enforce_liftable(decision: DecisionRecord, duty: Duty) -> None:
    others = sorted(set(_taken_by(decision.answer, duty.action_id)))
    if others:
        raise Conflict(
            f"{duty.action_id} is also taken away by {', '.join(others)}.",
            "A reviewer decides what a rule sends to a person, and lifts no other rule.",
            f"Run: linewise duties review {duty.duty_id} --refuse",
        )


def _enforce_amount(duty: Duty, ruling: Ruling) -> None:
    is_of_amount = group_of_action(duty.action_id) is not None
    amount = ruling.amount_amt if ruling.amount_amt is not None else duty.amount_amt
    if is_of_amount and not amount:
        raise UsageError(
            f"The review of {duty.action_id} names no amount.",
            "The amount up to which it is approved was expected.",
            "Give it with: --amount",
        )


def _refusal_notice(duty: Duty, decision: DecisionRecord, now: datetime) -> Duty:
    language = str(decision.answer.get("language", "en"))
    return Duty(
        duty_id=duty_id_of(duty.decision_id, f"{duty.rule_id}/refused", duty.action_id),
        decision_id=duty.decision_id,
        customer_id=duty.customer_id,
        rule_id=duty.rule_id,
        action_id=duty.action_id,
        effect="NOTIFY",
        what=REFUSAL_NOTICE.get(language, REFUSAL_NOTICE["en"]),
        audience="customer",
        owner=owner_of("customer"),
        due_at=now + timedelta(days=REFUSAL_NOTICE_DAYS),
        is_blocking=False,
        opened_at=now,
    )
