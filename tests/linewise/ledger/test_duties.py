"""Duties: opened once, ended once, by evidence, and in the way of an order until then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linewise.core.errors import Conflict, UnknownDuty, UsageError
from linewise.ledger.duties import (
    Duty,
    complete_duty,
    duties_due,
    duties_of_decision,
    enforce_no_blocking,
    extend_duty,
    open_duties,
)
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NOTICE = Duty(
    duty_id="duty-1", decision_id="D1", customer_id="C1", rule_id="US-B-9", action_id="LIMIT", effect="NOTIFY",
    what="Tell the customer why.", audience="customer", owner="operations", due_at=NOW + timedelta(days=30),
    is_blocking=False, opened_at=NOW,
)  # fmt: skip
DISCLOSURE = replace(
    NOTICE, duty_id="duty-2", rule_id="CN-APR-1", action_id="CARD_GOLD", effect="DISCLOSE", audience="agent",
    owner="agent", due_at=NOW, is_blocking=True,
)  # fmt: skip


def opened(ledger: Ledger, *duties: Duty) -> None:
    with ledger.engine.begin() as connection:
        open_duties(connection, duties)


def ids(duties: list[Duty]) -> list[str]:
    return [one.duty_id for one in duties]


def test_open_duties_are_listed_the_most_urgent_first_and_up_to_a_moment(ledger: Ledger):
    opened(ledger, NOTICE, DISCLOSURE)
    assert duties_due(ledger) == [DISCLOSURE, NOTICE]
    assert ids(duties_due(ledger, NOW)) == ["duty-2"]
    assert ids(duties_due(ledger, NOW + timedelta(days=30))) == ["duty-2", "duty-1"]
    assert duties_due(ledger, NOW - timedelta(seconds=1)) == []


def test_a_duty_opened_again_stays_as_it_was(ledger: Ledger):
    opened(ledger, NOTICE)
    opened(ledger, replace(NOTICE, what="Something else."))
    assert duties_due(ledger) == [NOTICE]


def test_what_is_opened_is_told_as_it_is_read_back(ledger: Ledger):
    late = replace(NOTICE, duty_id="duty-0", rule_id="US-B-1", due_at=NOW + timedelta(microseconds=1), amount_amt=5)
    with ledger.engine.begin() as connection:
        told = open_duties(connection, [NOTICE, DISCLOSURE, late])
    assert told == duties_of_decision(ledger, "D1")
    assert [one["duty_id"] for one in told] == ["duty-2", "duty-1", "duty-0"]


def test_duties_vanish_with_the_transaction_that_would_have_opened_them(ledger: Ledger):
    with pytest.raises(RuntimeError), ledger.engine.begin() as connection:
        open_duties(connection, [NOTICE])
        raise RuntimeError
    assert duties_due(ledger) == []


def test_a_duty_that_is_done_is_due_no_more_and_keeps_its_evidence(ledger: Ledger):
    opened(ledger, NOTICE)
    complete_duty(ledger, "duty-1", "letter 4711", "ops-3", NOW + timedelta(days=2))
    assert duties_due(ledger) == []
    (told,) = duties_of_decision(ledger, "D1")
    assert [(act["act"], act["evidence"], act["by"]) for act in told["acts"]] == [("done", "letter 4711", "ops-3")]


@pytest.mark.parametrize(
    ("duty_id", "evidence", "by", "error", "said"),
    [
        ("duty-9", "x", "y", UnknownDuty, "'duty-9'"),
        ("duty-1", "", "y", UsageError, "'evidence'"),
        ("duty-1", "   ", "y", UsageError, "'evidence'"),
        ("duty-1", "x", " ", UsageError, "'by'"),
        ("duty-3", "x", "y", UsageError, "is a review"),
    ],
)
def test_a_duty_is_not_done_by_less_than_evidence_and_a_name(
    ledger: Ledger, duty_id: str, evidence: str, by: str, error: type, said: str
):
    opened(ledger, NOTICE, replace(NOTICE, duty_id="duty-3", effect="HUMAN_REVIEW"))
    with pytest.raises(error, match=said):
        complete_duty(ledger, duty_id, evidence, by, NOW)
    assert len(duties_due(ledger)) == 2


def test_a_duty_is_done_once(ledger: Ledger):
    opened(ledger, NOTICE)
    complete_duty(ledger, "duty-1", "letter 4711", "ops-3", NOW)
    with pytest.raises(Conflict, match="done by ops-3"):
        complete_duty(ledger, "duty-1", "letter 4712", "ops-4", NOW)
    with pytest.raises(Conflict, match="has ended"):
        extend_duty(ledger, "duty-1", NOW + timedelta(days=60), "slow post", "ops-4", NOW)


def test_a_deadline_moves_later_and_says_why(ledger: Ledger):
    opened(ledger, NOTICE)
    later = extend_duty(ledger, "duty-1", NOW + timedelta(days=45), "complicated", "chief", NOW)
    assert later == replace(NOTICE, due_at=NOW + timedelta(days=45))
    assert duties_due(ledger, NOW + timedelta(days=40)) == []
    for earlier in (NOW + timedelta(days=45), NOW):
        with pytest.raises(UsageError, match="not after"):
            extend_duty(ledger, "duty-1", earlier, "hurry", "chief", NOW)


@pytest.mark.parametrize(("action_id", "is_blocked"), [("CARD_GOLD", True), ("CARD_CLASSIC", False), ("LIMIT", False)])
def test_an_order_waits_for_the_blocking_duties_of_its_own_action(ledger: Ledger, action_id: str, is_blocked: bool):
    opened(ledger, NOTICE, DISCLOSURE)
    with ledger.engine.connect() as connection:
        if is_blocked:
            with pytest.raises(Conflict, match=r"duty-2 .*DISCLOSE"):
                enforce_no_blocking(connection, "D1", action_id)
        else:
            enforce_no_blocking(connection, "D1", action_id)


@pytest.mark.parametrize(("about", "is_blocked"), [("PLAN-36", True), ("PLAN", True), ("", True), ("PLAN-12", False)])
def test_a_duty_about_all_plans_or_the_whole_decision_blocks_each_of_them(ledger: Ledger, about: str, is_blocked: bool):
    opened(ledger, replace(DISCLOSURE, action_id=about))
    with ledger.engine.connect() as connection:
        if not is_blocked:
            return enforce_no_blocking(connection, "D1", "PLAN-36")
        with pytest.raises(Conflict, match="duty-2"):
            enforce_no_blocking(connection, "D1", "PLAN-36")
    complete_duty(ledger, "duty-2", "read aloud", "agent-7", NOW)
    with ledger.engine.connect() as connection:
        return enforce_no_blocking(connection, "D1", "PLAN-36")


@pytest.mark.parametrize(
    ("duty", "is_opened_again"),
    [
        (replace(NOTICE, action_id="", audience="compliance"), False),
        (replace(NOTICE, effect="HUMAN_REVIEW", is_blocking=True), False),
        (replace(NOTICE, effect="HUMAN_REVIEW", is_blocking=True, amount_amt=100), True),
        (NOTICE, True),
    ],
    ids=["a complaint", "a review nobody asked for", "a review of what was asked for", "a notice"],
)
def test_the_next_decision_opens_again_only_what_it_owes_by_itself(ledger: Ledger, duty: Duty, is_opened_again: bool):
    again = replace(duty, duty_id="duty-9", decision_id="D2")
    opened(ledger, duty)
    opened(ledger, again)
    assert len(duties_due(ledger)) == 1 + is_opened_again
    opened(ledger, replace(again, customer_id="C2", duty_id="duty-10"))
    assert len(duties_due(ledger)) == 2 + is_opened_again
