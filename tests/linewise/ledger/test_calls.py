"""Calls in the ledger: told once, in order, by the one who has them; and what they come to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.errors import Conflict, LinewiseError, UnknownCall, UsageError
from linewise.ledger.call_kinds import FLAGS, KINDS, STICKING_FLAGS
from linewise.ledger.call_state import CallState, state_after
from linewise.ledger.call_telling import MOST_SKEW, ring, tell
from linewise.ledger.calls import LONGEST_CALL, PhoneCall, Told, events_of_call, live_calls_of, read_call
from linewise.ledger.erasing import erase_customer
from linewise.ledger.holds import legal_hold
from linewise.ledger.record import write_decisions
from linewise.ledger.retention import purge
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import NOW, a_decision

CALL = PhoneCall("call-1", "C1", rang_at=NOW, recorded_at=NOW, is_identity_verified=True)
numbers = count(1)


def said(kind: str, agent_id: str = "anna", **changes: Any) -> Told:
    """An event with a new id, from the first source that may tell it."""
    source = "agent" if "agent" in KINDS[kind].sources else KINDS[kind].sources[0]
    given: dict[str, Any] = {"event_id": f"e{next(numbers)}", "source": source, "at": NOW, "recorded_at": NOW}
    return Told(kind=kind, agent_id=agent_id, **(given | changes))


def write(ledger: Ledger, told: Told, call_id: str = "call-1") -> tuple[Told, bool]:
    with ledger.writing() as connection:
        return tell(connection, call_id, told, NOW)


def begin(ledger: Ledger, call: PhoneCall = CALL) -> bool:
    with ledger.writing() as connection:
        return ring(connection, call, NOW)


def state(ledger: Ledger) -> CallState:
    return state_after(read_call(ledger, "call-1"), events_of_call(ledger, "call-1"))


@pytest.fixture
def answered(ledger: Ledger) -> Iterator[Ledger]:
    """A ledger in which the call was answered by Anna."""
    begin(ledger)
    write(ledger, said("answered"))
    yield ledger


def test_a_call_rings_once_however_often_it_is_told_of(ledger: Ledger):
    assert [begin(ledger), begin(ledger), begin(ledger, replace(CALL, rang_at=NOW - timedelta(seconds=9)))] == [
        True, False, False,
    ]  # fmt: skip
    assert [(one.number, one.kind) for one in events_of_call(ledger, "call-1")] == [(1, "ringing")]
    with pytest.raises(Conflict, match="another customer_id"):
        begin(ledger, replace(CALL, customer_id="C2"))


def test_events_are_numbered_in_the_order_of_their_arrival_and_counted_once(answered: Ledger):
    tone = said("tone", details={"tone": "upset"})
    written, is_new = write(answered, tone)
    assert (written.number, is_new) == (3, True)
    assert write(answered, replace(tone, at=NOW - timedelta(seconds=1))) == (written, False)
    assert [one.number for one in events_of_call(answered, "call-1")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        (said("answered", "bert"), Conflict, "Another agent has answered"),
        (said("tone", "bert", details={"tone": "calm"}), Conflict, "is not with the agent 'bert'"),
        (said("answered"), Conflict, "came while the call 'call-1' was answered"),
        (said("verified", source="agent"), UsageError, "for telephony alone"),
        (said("decided", source="agent", details={"decision_id": "D", "basis": "b"}), UsageError, "service alone"),
        (said("ringing", source="telephony"), Conflict, "belongs to one"),
        (said("tone", details={"tone": "furious"}), UsageError, "'furious' is unknown"),
        (said("flagged", details={"flag": "rich"}), UsageError, "'rich' is unknown"),
        (said("reason"), UsageError, "without 'reason'"),
        (replace(said("tone", details={"tone": "calm"}), kind="sneezed"), UsageError, "'sneezed' is unknown"),
        (said("ended", at=NOW + MOST_SKEW + timedelta(seconds=1)), UsageError, "yet to come"),
        (said("ended", at=NOW - MOST_SKEW - timedelta(seconds=1)), UsageError, "before the call rang"),
        (said("transferred", ""), UsageError, "without an agent"),
    ],
)
def test_what_cannot_be_is_refused_in_its_own_words_and_leaves_nothing(
    answered: Ledger, told: Told, error: type[LinewiseError], words: str
):
    before = (read_call(answered, "call-1"), events_of_call(answered, "call-1"))
    with pytest.raises(error, match=words):
        write(answered, told)
    assert (read_call(answered, "call-1"), events_of_call(answered, "call-1")) == before


def test_an_id_that_is_used_again_for_another_event_is_a_conflict(answered: Ledger):
    tone = said("tone", details={"tone": "upset"})
    write(answered, tone)
    with pytest.raises(Conflict, match="and otherwise"):
        write(answered, replace(tone, details={"tone": "calm"}))


@pytest.mark.parametrize("skew", [MOST_SKEW, -MOST_SKEW])
def test_clocks_that_are_minutes_apart_are_borne_with(answered: Ledger, skew: timedelta):
    assert write(answered, said("ended", at=NOW + skew))[1]


def test_nothing_is_told_of_a_call_that_never_rang(ledger: Ledger):
    with pytest.raises(UnknownCall, match="'call-1'"):
        write(ledger, said("ended"))
    assert events_of_call(ledger, "call-1") == []


@pytest.mark.parametrize("kind", ["need_resolved", "asked", "wrap_up_saved"])
def test_what_belongs_to_a_conversation_waits_for_the_answer(ledger: Ledger, kind: str):
    begin(ledger, replace(CALL, agent_id="anna"))
    with pytest.raises(Conflict, match="was ringing"):
        write(ledger, said(kind, details={"what": "limit"}))


def test_after_the_end_only_the_wrap_up_is_saved(answered: Ledger):
    write(answered, said("ended"))
    for told in (said("ended"), said("tone", details={"tone": "calm"}), said("answered", "bert")):
        with pytest.raises(Conflict, match="has ended"):
            write(answered, told)
    assert write(answered, said("wrap_up_saved", details={"outcome": "helped"}))[1]
    assert state(answered).is_wrapped_up


def test_a_wrap_up_keeps_no_card_number_and_may_be_sent_again(answered: Ledger):
    saved = said("wrap_up_saved", details={"outcome": "resolved", "note": "card 4111 1111 1111 1111 is lost"})
    assert [write(answered, saved)[1] for _ in range(2)] == [True, False]
    note = events_of_call(answered, "call-1")[-1].details["note"]
    assert ("1111 1111 1111" in note, "is lost" in note) == (False, True)


def test_an_agents_live_calls_are_those_that_ring_there_or_are_held(ledger: Ledger):
    begin(ledger)
    assert live_calls_of(ledger, "anna", NOW) == live_calls_of(ledger, "", NOW) == []
    begin(ledger, replace(CALL, call_id="call-2", customer_id="C2", agent_id="anna"))
    write(ledger, said("answered"))
    assert [one.call_id for one in live_calls_of(ledger, "anna", NOW)] == ["call-1", "call-2"]
    assert [one.phase for one in live_calls_of(ledger, "anna", NOW)] == ["answered", "ringing"]
    write(ledger, said("transferred", "bert"))
    assert [one.call_id for one in live_calls_of(ledger, "bert", NOW)] == ["call-1"]
    write(ledger, said("ended", "bert"))
    assert live_calls_of(ledger, "bert", NOW) == []
    assert live_calls_of(ledger, "anna", NOW + LONGEST_CALL) == []


def test_the_agent_lowers_what_is_known_of_the_caller_and_nobody_raises_it_again(ledger: Ledger):
    begin(ledger, replace(CALL, is_identity_verified=False))
    write(ledger, said("answered"))
    write(ledger, said("verified", ""))
    assert state(ledger).is_identity_verified
    write(ledger, said("verification_lowered"))
    write(ledger, said("verified", ""))
    assert not state(ledger).is_identity_verified


def test_a_tone_that_is_told_late_leaves_the_later_one_standing(answered: Ledger):
    write(answered, said("tone", details={"tone": "calm"}))
    write(answered, said("tone", details={"tone": "upset"}, at=NOW - timedelta(seconds=30)))
    assert state(answered).tone == "calm"


@given(st.lists(st.tuples(st.sampled_from(["flagged", "unflagged"]), st.sampled_from(FLAGS)), max_size=12))
def test_what_was_marked_holds_although_the_mark_is_taken_back(marks: list[tuple[str, str]]):
    events = [said(kind, details={"flag": flag}, number=at) for at, (kind, flag) in enumerate(marks, 2)]
    after = state_after(CALL, events)
    last = {flag: kind for kind, flag in marks}
    assert after.marked == {flag for flag, kind in last.items() if kind == "flagged"}
    assert after.withheld - after.marked <= STICKING_FLAGS
    assert {flag for kind, flag in marks if kind == "flagged" and flag in STICKING_FLAGS} <= after.withheld


def test_what_was_decided_is_known_beside_what_was_asked(answered: Ledger):
    write(answered, said("not_decided", "", details={"why": "late", "basis": "a"}))
    assert (state(answered).not_decided, state(answered).not_decided_on) == ("late", "a")
    write(answered, said("decided", "", details={"decision_id": "D1", "basis": "a"}))
    asked = said("asked", details={"what": "limit", "amount_amt": 50_000})
    write(answered, asked)
    decided = {"decision_id": "D2", "basis": "a", "asked": asked.event_id}
    write(answered, said("decided", "", details=decided))
    after = state(answered)
    assert (after.decision_id, after.not_decided, [one.decision_id for one in after.requests]) == ("D1", "", ["D2"])


def test_erasing_a_customer_takes_what_was_said_and_leaves_that_there_was_a_call(answered: Ledger):
    write_decisions(answered, [a_decision("D1")])
    write(answered, said("flagged", details={"flag": "vulnerable"}))
    done = erase_customer(answered, "C1", "request 7", "privacy.officer", NOW)
    assert done.other_rows == 4
    after = state(answered)
    assert (after.call.customer_id, after.marked, after.last) == (done.customer_ref, frozenset(), 3)


def test_calls_go_with_the_records_that_are_kept_longest_but_for_a_legal_hold(ledger: Ledger):
    years = {"full": 7, "batch": 3, "service": 2}
    legal_hold(ledger, "C2", "court order", "legal", NOW)
    old = NOW - timedelta(days=8 * 365)
    begin(ledger, replace(CALL, rang_at=old))
    begin(ledger, replace(CALL, call_id="held", customer_id="C2", rang_at=old))
    begin(ledger, replace(CALL, call_id="young", rang_at=NOW - timedelta(days=6 * 365)))
    purge(ledger, years, NOW, "records.office")
    assert events_of_call(ledger, "call-1") == []
    assert [read_call(ledger, one).call_id for one in ("held", "young")] == ["held", "young"]
