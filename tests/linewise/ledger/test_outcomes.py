"""What may be recorded of a suggestion, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from linewise.core.errors import Conflict, UsageError
from linewise.ledger.contacts import Contact, contacts_of
from linewise.ledger.events import DECLINE_REASONS, EVENTS, NOT_PITCHED_REASONS
from linewise.ledger.outcomes import Outcome, outcomes_of, outcomes_of_call
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import DECLINED, NOW, write_outcome

ACCEPTED = replace(DECLINED, outcome="accepted", reason_code="")


def declines(ledger: Ledger, customer_ids: list[str], until: datetime) -> list[Contact]:
    return [one for one in contacts_of(ledger, customer_ids, until) if one.kind == "declined"]


def answers(ledger: Ledger) -> list[str]:
    return [str(one["outcome"]) for one in outcomes_of(ledger, "D1")]


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_is_recorded_with_a_reason_of_its_own_and_only_once(ledger: Ledger, event: str):
    outcome = replace(DECLINED, outcome=event, reason_code=next(iter(EVENTS[event]), ""))
    assert [write_outcome(ledger, outcome)[1] for _ in range(2)] == [True, False]
    assert [one["outcome"] for one in outcomes_of(ledger, "D1")] == [event]


def test_a_customers_reasons_and_an_agents_have_none_in_common():
    assert set(DECLINE_REASONS).isdisjoint(NOT_PITCHED_REASONS)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "perhaps"}, "'perhaps' is unknown"),
        ({"reason_code": "rain"}, "'rain' does not belong to 'declined'"),
        ({"reason_code": ""}, "without a reason"),
        ({"reason_code": "customer_upset"}, "'customer_upset' does not belong to 'declined'"),
        ({"outcome": "not_pitched"}, "'price' does not belong to 'not_pitched'"),
        ({"outcome": "not_pitched", "reason_code": ""}, "without a reason"),
        ({"outcome": "shown"}, "No reason was expected"),
        ({"outcome": "disclosure_read", "reason_code": "price"}, "names no text that is read aloud"),
        ({"outcome": "disclosure_read", "reason_code": f"{'A' * 31}/1"}, "at most 32 characters"),
        ({"occurred_at": NOW + timedelta(seconds=1)}, "after it was recorded"),
        ({"not_before": date(2026, 12, 1)}, "belongs to 'postponed' alone"),
        ({"outcome": "postponed", "not_before": date(2026, 11, 22)}, "lies before the answer"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused_and_leaves_nothing(ledger: Ledger, changes: dict, said: str):
    with pytest.raises(UsageError, match=said):
        write_outcome(ledger, replace(DECLINED, **changes))
    assert outcomes_of(ledger, "D1") == []


def test_the_same_postponement_with_another_day_is_a_conflict(ledger: Ledger):
    postponed = replace(DECLINED, outcome="postponed", reason_code="", not_before=date(2026, 12, 1))
    write_outcome(ledger, postponed)
    with pytest.raises(Conflict, match="2026-12-01"):
        write_outcome(ledger, replace(postponed, not_before=date(2026, 12, 2)))


def test_the_same_answer_sent_twice_is_recorded_once(ledger: Ledger):
    first, is_new = write_outcome(ledger, DECLINED)
    again, is_new_again = write_outcome(ledger, replace(DECLINED, recorded_at=NOW + timedelta(minutes=1)))
    assert (first == again, is_new, is_new_again) == (True, True, False)
    assert len(outcomes_of(ledger, "D1")) == 1


def test_the_same_answer_with_another_reason_is_a_conflict(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    with pytest.raises(Conflict, match="'price'"):
        write_outcome(ledger, replace(DECLINED, reason_code="timing"))
    assert [one["reason_code"] for one in outcomes_of(ledger, "D1")] == ["price"]


def test_many_workers_sending_the_same_answer_record_it_once(ledger: Ledger):
    with ThreadPoolExecutor(8) as workers:
        results = list(workers.map(lambda _: write_outcome(ledger, DECLINED), range(24)))
    assert len({outcome_id for outcome_id, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1


def test_only_refusals_up_to_the_moment_count(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    write_outcome(ledger, replace(DECLINED, outcome="postponed", offer_id="CARD_CLASSIC"))
    write_outcome(ledger, replace(DECLINED, customer_id="C2", decision_id="D2"))
    found = declines(ledger, ["C1", "C3"], NOW)
    assert [(one.customer_id, one.offer_id, one.occurred_at) for one in found] == [("C1", "CARD_GOLD", NOW)]
    assert declines(ledger, ["C1"], NOW - timedelta(seconds=1)) == []


def test_a_slip_is_corrected_by_the_last_answer_to_the_same_offer(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    write_outcome(ledger, ACCEPTED)
    assert declines(ledger, ["C1"], NOW) == []
    assert answers(ledger) == ["declined", "accepted"]
    write_outcome(ledger, replace(DECLINED, decision_id="D2"))
    assert len(declines(ledger, ["C1"], NOW)) == 1


def test_whoever_refuses_accepts_and_refuses_again_has_refused(ledger: Ledger):
    said = [DECLINED, ACCEPTED, replace(DECLINED, reason_code="terms"), ACCEPTED, DECLINED]
    written = [write_outcome(ledger, one) for one in said]
    assert (len({outcome_id for outcome_id, _ in written}), all(is_new for _, is_new in written)) == (5, True)
    assert write_outcome(ledger, DECLINED) == (written[-1][0], False)
    assert answers(ledger) == ["declined", "accepted", "declined", "accepted", "declined"]
    assert [one.reason_code for one in declines(ledger, ["C1"], NOW)] == ["price"]


@pytest.mark.parametrize(
    "since",
    [
        replace(ACCEPTED, occurred_at=NOW + timedelta(minutes=1)),
        replace(DECLINED, agent_id="agent-8"),
        replace(ACCEPTED, offer_id="CARD_CLASSIC"),
        replace(DECLINED, outcome="disclosure_read", reason_code=""),
    ],
    ids=["an answer given later", "the same from another agent", "about another offer", "no answer"],
)
def test_a_copy_that_comes_late_is_no_new_answer(ledger: Ledger, since: Outcome):
    first = write_outcome(ledger, DECLINED)[0]
    write_outcome(ledger, replace(since, recorded_at=NOW + timedelta(minutes=2)))
    assert write_outcome(ledger, DECLINED) == (first, False)


def test_an_event_that_is_no_answer_is_written_once_whatever_comes_between(ledger: Ledger):
    pitched = replace(DECLINED, outcome="pitched", reason_code="")
    assert [write_outcome(ledger, one)[1] for one in (pitched, DECLINED, pitched)] == [True, True, False]


def test_each_text_of_an_offer_is_read_by_itself_and_each_once(ledger: Ledger):
    read = [replace(DECLINED, outcome="disclosure_read", reason_code=name) for name in ("FEES/1", "RISKS/2", "")]
    assert [write_outcome(ledger, one)[1] for one in (*read, *read)] == [True] * 3 + [False] * 3
    assert [one["reason_code"] for one in outcomes_of_call(ledger, DECLINED.customer_id, DECLINED.call_id)] == [
        "FEES/1",
        "RISKS/2",
        "",
    ]


def test_who_accepts_anew_consents_anew_and_a_consent_sent_twice_is_one(ledger: Ledger):
    consent = replace(ACCEPTED, outcome="consent_captured")
    postponed = replace(ACCEPTED, outcome="postponed")
    told = (ACCEPTED, consent, consent, postponed, ACCEPTED, consent, consent)
    assert [write_outcome(ledger, one)[1] for one in told] == [True, True, False, True, True, True, False]


def test_outcomes_of_another_call_or_customer_are_none_of_this_one(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    write_outcome(ledger, replace(DECLINED, decision_id="D2", call_id="another"))
    told = outcomes_of_call(ledger, DECLINED.customer_id, DECLINED.call_id)
    assert [one["decision_id"] for one in told] == [DECLINED.decision_id]
    assert outcomes_of_call(ledger, "nobody", DECLINED.call_id) == []
