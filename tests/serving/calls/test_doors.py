"""A call through its doors: decided while it rings, decided anew as it is told of, withdrawn at once, and closed."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import RecordFull, RecordUnreachable
from linewise.ledger.call_kinds import FLAGS
from linewise.ledger.calls import events_of_call
from serving.calls.desk import MOST_WHAT_IFS
from serving.scoring.recommender import Recommender
from tests.serving.calls.lines import Line, is_sold, settled, sold


def kinds_of(desk: Recommender, line: Line) -> list[str]:
    return [one.kind for one in events_of_call(desk.ledger, line.call_id)]


def test_a_call_is_answered_for_at_once_and_decided_before_it_is_answered(line: Line, desk: Recommender):
    assert (line.rung.status_code, line.rung.json()["phase"]) == (201, "ringing")
    deadline = time.monotonic() + 10
    while "decided" not in kinds_of(desk, line) and time.monotonic() < deadline:
        time.sleep(0.01)
    call = line.told("answered")
    assert kinds_of(desk, line) == ["ringing", "decided", "answered"]
    assert (call["phase"], call["agent_id"], call["is_current"]) == ("answered", "anna", True)
    assert is_sold(call)
    assert desk.recorded(call["decision_id"])["customer_id"] == call["customer_id"]


def test_suggestions_surface_once_the_service_is_done(line: Line):
    call = line.told("answered")
    assert (call["may_offer"], call["why"]) == (False, "after_service")
    call = line.told("need_resolved")
    assert (call["may_offer"], call["why"], call["says"]) == (True, None, None)


def test_reason_and_tone_decide_anew_and_what_changes_nothing_does_not(line: Line, desk: Recommender):
    first = line.in_talk().read()
    upset = line.told("tone", tone="upset")
    assert upset["decision_id"] != first["decision_id"]
    assert not is_sold(upset)
    assert line.told("tone", tone="upset")["decision_id"] == upset["decision_id"]
    asked = line.told("reason", reason="bill", confidence=0.8)
    assert (asked["reason"], asked["reason_confidence"]) == ("bill", 0.8)
    assert asked["decision_id"] != upset["decision_id"]
    assert kinds_of(desk, line).count("decided") == 3


@pytest.mark.parametrize("flag", [one for one in FLAGS if one not in {"wants_human"}])
def test_what_is_marked_withdraws_sales_and_nothing_brings_them_back(line: Line, flag: str):
    assert is_sold(line.in_talk().read())
    before = line.read()["decision"]
    marked = line.told("flagged", flag=flag)
    assert (marked["flags"], marked["may_offer"], is_sold(marked)) == ([flag], False, False)
    assert marked["says"]
    if flag != "hardship":
        unmarked = line.told("unflagged", flag=flag)
        assert (unmarked["flags"], unmarked["withheld"]) == ([], [flag])
        assert (unmarked["may_offer"], is_sold(unmarked)) == (False, False)
        assert not is_sold(line.told("reason", reason="other"))
    taken = {"decision_id": before["decision_id"], "offer_id": sold({"decision": before})[0], "outcome": "accepted"}
    answer = line.client.post("/v1/outcomes", json=taken | {"call_id": line.call_id, "agent_id": "anna"})
    assert (answer.status_code, "withdrawn" in answer.text) == (409, True)


def test_a_slip_about_hardship_is_taken_back_whole(line: Line):
    line.in_talk()
    helped = line.told("flagged", flag="hardship")
    assert helped["decision"]["hardship"]
    back = line.told("unflagged", flag="hardship")
    assert (is_sold(back), back["may_offer"], back["withheld"]) == (True, True, [])


def test_the_caller_is_lowered_by_the_agent_and_raised_by_nobody(line: Line):
    line.in_talk()
    lowered = line.told("verification_lowered")
    assert (lowered["why"], is_sold(lowered)) == ("unverified", False)
    raised = line.send("verified")
    assert (raised.status_code, "telephony alone" in raised.text) == (422, True)
    assert not line.told("verified", source="telephony", agent_id="")["is_identity_verified"]


def test_after_a_refusal_its_group_is_gone_and_after_the_second_everything(line: Line):
    declined: list[str] = []
    line.in_talk()
    for _ in range(2):
        call = settled(line)
        assert sold(call)
        assert not set(declined) & set(sold(call))
        declined.append(sold(call)[0])
        answer = {"decision_id": call["decision_id"], "offer_id": declined[-1], "outcome": "declined"}
        answer |= {"reason_code": "price", "call_id": line.call_id, "agent_id": "anna"}
        assert line.client.post("/v1/outcomes", json=answer).status_code == 201
    assert sold(settled(line)) == []


def test_what_the_customer_asks_for_is_answered_beside_what_is_proposed(line: Line):
    first = line.in_talk().read()
    current = first["decision"]["limit"]["current_amt"]
    call = line.told("asked", asked={"what": "limit", "amount_amt": current + 100_000})
    assert call["decision_id"] == first["decision_id"]
    assert call["request"]["limit"]["request"]["asked_amt"] == current + 100_000
    assert call["requests"][0]["is_current"]
    line.told("tone", tone="upset")
    assert line.read()["request"] is not None
    assert line.told("flagged", flag="fraud")["request"] is None


def test_what_would_be_if_is_asked_three_times_a_call(line: Line):
    line.in_talk()
    asked = {"what": "limit", "amount_amt": 5_000_000, "is_what_if": True}
    for _ in range(MOST_WHAT_IFS):
        line.told("asked", asked=asked)
    refused = line.send("asked", asked=asked)
    assert (refused.status_code, refused.json()["error"]) == (409, "Conflict")
    assert line.told("asked", asked=asked | {"is_what_if": False})["request"]


def test_the_call_closes_and_keeps_its_wrap_up(line: Line):
    line.in_talk()
    ended = line.told("ended")
    assert (ended["phase"], ended["may_offer"], ended["why"]) == ("ended", False, "ended")
    late = line.send("tone", tone="calm")
    assert (late.status_code, late.json()["error"]) == (409, "Conflict")
    assert line.told("wrap_up_saved", wrap_up={"outcome": "resolved", "note": "谢谢 🙂"})["is_wrapped_up"]


def test_an_event_sent_twice_is_one_event(line: Line):
    line.told("answered")
    first, again = (line.send("tone", "same", tone="hurried") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["call"]["event_number"] <= again.json()["call"]["event_number"]
    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    other = line.send("tone", "same", tone="calm")
    assert (other.status_code, other.json()["error"]) == (409, "Conflict")


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"customer_id": "nobody"}, 404, "'nobody'"),
        ({"bank": "the-other-bank"}, 409, "'the-other-bank'"),
        ({"channel": "fax"}, 422, "channel"),
        ({"rang_at": "2999-01-01T00:00:00Z"}, 422, "rang_at"),
        ({"rang_at": "2190-01-01T00:00:00Z"}, 422, "yet to come"),
        ({"rang_at": "0001-01-01T00:00:00+14:00"}, 422, "rang_at"),
        ({"call_id": "a b"}, 422, "call_id"),
        ({"colour": "blue"}, 422, "colour"),
    ],
)
def test_a_call_that_cannot_be_is_refused_in_its_own_words_and_not_kept(
    client: TestClient, desk: Recommender, changes: dict[str, Any], status: int, said: str
):
    body = {"call_id": f"refused-{status}-{len(said)}", "customer_id": "C00000001"} | changes
    answer = client.post("/v1/calls", json=body)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert events_of_call(desk.ledger, body["call_id"]) == []


@pytest.mark.parametrize(
    ("kind", "more", "status", "said"),
    [
        ("tone", {"agent_id": "bert", "tone": "calm"}, 409, "is not with the agent 'bert'"),
        ("answered", {"agent_id": "bert"}, 409, "Another agent has answered"),
        ("tone", {}, 422, "without 'tone'"),
        ("tone", {"tone": "calm", "flag": "fraud"}, 422, "'flag' came with the event 'tone'"),
        ("flagged", {"flag": "rich"}, 422, "flag"),
        ("decided", {}, 422, "kind"),
        ("asked", {}, 422, "without 'what'"),
        ("asked", {"asked": {"what": "plan", "action_id": "yacht"}}, 422, "'yacht' is unknown"),
        ("asked", {"asked": {"what": "limit", "action_id": "TEMPORARY-9999", "amount_amt": 5}}, 422, "9999 days"),
        ("ended", {"at": "1999-01-01T00:00:00Z"}, 422, "before the call rang"),
    ],
)
def test_an_event_that_cannot_be_leaves_the_call_as_it_is(
    line: Line, kind: str, more: dict[str, Any], status: int, said: str
):
    before = line.told("answered")["event_number"]
    answer = line.send(kind, **more)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert line.read()["event_number"] == before


def test_an_unknown_call_is_not_found(client: TestClient):
    event = {"event_id": "e", "kind": "ended"}
    answers = client.get("/v1/calls/none"), client.post("/v1/calls/none/events", json=event)
    assert {(one.status_code, one.json()["error"]) for one in answers} == {(404, "UnknownCall")}


# ---- degraded --------------------------------------------------------------------------------------------


def test_who_waits_in_vain_serves_without_offers_and_is_told_so(
    line: Line, desk: Recommender, monkeypatch: pytest.MonkeyPatch
):
    line.in_talk()
    decide = Recommender.decide_one

    def slow(*given: Any, **named: Any) -> dict[str, Any]:
        time.sleep(0.6)
        return decide(*given, **named)

    monkeypatch.setattr("serving.calls.desk.DECIDED_WITHIN_SECONDS", 0.2)
    monkeypatch.setattr(Recommender, "decide_one", slow)
    call = line.told("verification_lowered")
    assert (call["decision"], call["may_offer"], call["is_current"]) == (None, False, False)
    monkeypatch.undo()
    assert settled(line)["decision"] is not None


def test_a_late_prefetch_says_that_the_system_is_late(
    client: TestClient, sold_to: Any, monkeypatch: pytest.MonkeyPatch
):
    def stuck(*_given: Any, **_named: Any) -> dict[str, Any]:
        time.sleep(0.6)
        raise RuntimeError("no answer")

    monkeypatch.setattr("serving.calls.desk.DECIDED_WITHIN_SECONDS", 0.2)
    monkeypatch.setattr(Recommender, "decide_one", stuck)
    line = Line(client, next(sold_to))
    call = line.told("answered")
    assert (call["why"], call["decision"], call["may_offer"]) == ("late", None, False)
    assert call["says"] == "The system is late: service only for now."
    deadline = time.monotonic() + 10
    while (call := line.read())["why"] != "unexpected" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert call["says"] == "Something failed on our side: service only."


def test_a_decision_that_nobody_lived_to_make_is_made_by_the_next_who_reads(
    client: TestClient, sold_to: Any, desk: Recommender, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as dying:
        dying.setattr("serving.calls.deciding.Deciding.begin", lambda *_given, **_named: None)
        line = Line(client, next(sold_to))
        assert line.read()["why"] == "deciding"
    monkeypatch.setattr("serving.calls.desk.ASIDE", desk.clock.now() - desk.clock.now())
    assert line.read()["decision"]["decision_id"]


@pytest.mark.parametrize(
    ("error", "status"), [(RecordUnreachable("OperationalError"), 503), (RecordFull("/bank/ledger.db"), 507)]
)
def test_without_its_record_a_call_is_service_and_the_screen_is_told_in_words(
    line: Line, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
):
    def refuse(*_given: Any, **_named: Any) -> None:
        raise error

    monkeypatch.setattr("linewise.ledger.store.Ledger.writing", refuse)
    answer = line.send("tone", tone="calm")
    told = answer.json()
    assert (answer.status_code, told["may_offer"], told["decision"]) == (status, False, None)
    assert (told["why"], told["says"]) == ("record", "The record cannot be reached: no credit is suggested.")
    assert told["error"] == type(error).__name__
