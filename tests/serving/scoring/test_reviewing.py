"""A reviewer decides what a rule sent to a person: within an amount, once, and over no other rule."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from linewise.core.errors import ApprovalMissing, Conflict, UnknownDuty, UsageError
from linewise.core.home import Home
from linewise.ledger.asked import Asked, insert_asked
from linewise.ledger.duties import Duty, duties_due, open_duties
from linewise.ledger.duty_tables import reviews
from linewise.ledger.record import DecisionRecord, write_decisions
from linewise.ledger.reviews import approved_actions
from linewise.ledger.store import Ledger, open_ledger
from serving.scoring.complaints import complaint_duty, enforce_extension
from serving.scoring.reviewing import Ruling, review_duty
from tests.linewise.ledger.builders import DECLINED
from tests.linewise.ledger.signers import NOW, a_cast

DELEGATED = {"reviewer": 5_000_000, "supervisor": 30_000_000}
REVIEW = Duty(
    duty_id="duty-1", decision_id="D1", customer_id="C1", rule_id="BANK-STAFF", action_id="LIMIT",
    effect="HUMAN_REVIEW", what="Look at it.", audience="reviewer", owner="reviewer", due_at=NOW, is_blocking=True,
    opened_at=NOW, amount_amt=4_000_000,
)  # fmt: skip


def answer(*why_not: tuple[str, str]) -> dict[str, Any]:
    drops = [{"rule_id": rule_id, "effect": effect, "stage": "eligibility"} for rule_id, effect in why_not]
    limit = {"why_not": drops, "suggested_amt": 0, "current_amt": 0}
    return {"language": "en", "limit": limit, "offers": [], "plans": [], "not_offered": []}


def a_record_sent_to_a_person(*others: tuple[str, str]) -> DecisionRecord:
    """A decision whose limit a rule sent to a person, and these rules hit too."""
    return DecisionRecord("D1", "C1", NOW, NOW, "voice", "r1", 1, {}, answer(("BANK-STAFF", "HUMAN_REVIEW"), *others))


@pytest.fixture
def ledger(home: Home, tmp_path: Path):
    opened = open_ledger(home)
    a_cast(opened, tmp_path)
    yield opened
    opened.close()


def sent(ledger: Ledger, *others: tuple[str, str], duty: Duty = REVIEW, asked: bool = False) -> None:
    """A recorded decision whose limit a rule sent to a person."""

    def beside(connection) -> None:
        open_duties(connection, [duty])
        if asked:
            insert_asked(connection, "D1", "C1", Asked("limit", "call", "call-1", NOW, 4_000_000))

    write_decisions(ledger, [a_record_sent_to_a_person(*others)], beside)


def rule(ledger: Ledger, verdict: str, by: str, amount_amt: int | None = None, reasons: str = "payslips seen"):
    return review_duty(ledger, "duty-1", Ruling(verdict, reasons, by, amount_amt), DELEGATED, NOW)


@pytest.mark.parametrize(
    ("by", "amount_amt", "role"),
    [("rex", None, "reviewer"), ("rex", 5_000_000, "reviewer"), ("sue", 5_000_001, "supervisor"),
     ("sue", 30_000_000, "supervisor")],
)  # fmt: skip
def test_a_person_approves_up_to_the_amount_of_their_role_and_the_override_is_kept(
    ledger: Ledger, by: str, amount_amt: int | None, role: str
):
    sent(ledger)
    review = rule(ledger, "approved", by, amount_amt)
    assert (review.role, review.is_override, review.amount_amt) == (role, True, amount_amt or 4_000_000)
    assert duties_due(ledger) == []
    with ledger.engine.connect() as connection:
        assert approved_actions(connection, "D1") == {"LIMIT": amount_amt or 4_000_000}
        row = connection.execute(select(reviews)).one()
    assert (row.by, row.is_override, row.reasons) == (by, True, "payslips seen")


@pytest.mark.parametrize(
    ("by", "amount_amt", "reasons", "error", "said"),
    [
        ("rex", 5_000_001, "x", ApprovalMissing, "decision of a supervisor"),
        ("sue", 30_000_001, "x", ApprovalMissing, "No role"),
        ("bo", None, "x", ApprovalMissing, "not registered here as reviewer or supervisor"),
        ("nobody", None, "x", ApprovalMissing, "not registered"),
        ("rex", None, " ", UsageError, "without .evidence."),
    ],
)
def test_whoever_may_not_decides_nothing(
    ledger: Ledger, by: str, amount_amt: int | None, reasons: str, error: type, said: str
):
    sent(ledger)
    with pytest.raises(error, match=said):
        rule(ledger, "approved", by, amount_amt, reasons)
    assert duties_due(ledger) == [REVIEW]


def test_an_amount_is_named_before_it_is_approved(ledger: Ledger):
    sent(ledger, duty=replace(REVIEW, amount_amt=None))
    with pytest.raises(UsageError, match="names no amount"):
        rule(ledger, "approved", "rex")
    assert rule(ledger, "approved", "rex", 100).amount_amt == 100


def test_a_reviewer_lifts_no_law(ledger: Ledger):
    sent(ledger, ("US-Z-51A", "BLOCK"))
    with pytest.raises(Conflict, match="US-Z-51A"):
        rule(ledger, "approved", "sue")
    assert rule(ledger, "refused", "rex").is_override is False


def test_a_rule_that_takes_nothing_away_is_in_no_reviewers_way(ledger: Ledger):
    sent(ledger, ("CN-13-06", "CAP"), ("CN-13-05", "DISCLOSE"))
    assert rule(ledger, "approved", "rex").verdict == "approved"


@pytest.mark.parametrize(("asked", "notices"), [(True, 1), (False, 0)])
def test_a_refusal_of_what_was_asked_for_is_told_within_thirty_days(ledger: Ledger, asked: bool, notices: int):
    sent(ledger, asked=asked)
    rule(ledger, "refused", "rex")
    found = duties_due(ledger)
    assert [(one.effect, one.due_at - NOW) for one in found] == [("NOTIFY", timedelta(days=30))] * notices
    with ledger.engine.connect() as connection:
        assert approved_actions(connection, "D1") == {}


def test_a_review_is_decided_once(ledger: Ledger):
    sent(ledger)
    rule(ledger, "refused", "rex")
    with pytest.raises(Conflict, match="refused by rex"):
        rule(ledger, "approved", "sue")


def test_only_a_review_is_reviewed(ledger: Ledger):
    sent(ledger, duty=replace(REVIEW, effect="NOTIFY"))
    with pytest.raises(UsageError, match="no review"):
        rule(ledger, "refused", "rex")
    with pytest.raises(UnknownDuty):
        review_duty(ledger, "duty-9", Ruling("refused", "x", "rex"), DELEGATED, NOW)


def test_the_answer_to_a_complaint_waits_sixty_days_at_most():
    duty = complaint_duty(replace(DECLINED, occurred_at=NOW), "o-1", "en")
    assert duty.due_at == NOW + timedelta(days=15)
    enforce_extension(duty, NOW + timedelta(days=60))
    with pytest.raises(Conflict, match="60 days"):
        enforce_extension(duty, NOW + timedelta(days=60, seconds=1))
    enforce_extension(REVIEW, NOW + timedelta(days=600))
