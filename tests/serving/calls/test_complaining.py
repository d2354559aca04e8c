"""What a complaint in a call is about: named in its mark or after it, and the rules that had a say in it."""

from datetime import UTC, datetime

import pytest

from linewise.ledger.calls import Told, events_of_call
from linewise.policy.catalogue import Catalogue
from serving.calls.complaining import MOST_THINGS, held_by, said_of_complaint, things_of_call
from serving.scoring.complaints import COMPLAINT_RULE
from serving.scoring.recommender import Recommender
from tests.serving.calls.lines import Line, is_sold, sold

AT = datetime(2026, 11, 26, tzinfo=UTC)


def said_in(desk: Recommender, line: Line) -> dict[str, object]:
    return dict(said_of_complaint(events_of_call(desk.ledger, line.call_id)) or {})


def taken_away(desk: Recommender, decision_id: str) -> dict[str, list[str]]:
    """By offer, the rules that took it away."""
    found: dict[str, list[str]] = {}
    for one in desk.recorded(decision_id)["not_offered"]:
        if one["stage"] != "arbitration" and one["rule_id"] != "NOT_RELEVANT":
            found.setdefault(one["offer_id"], []).append(one["rule_id"])
    return found


def test_a_mark_alone_says_nothing_of_what_it_is_about_and_withdraws_all_the_same(line: Line, desk: Recommender):
    assert is_sold(line.in_talk().read())
    assert not is_sold(line.told("flagged", flag="complaint"))
    assert said_in(desk, line) == {}


def test_what_a_rule_took_away_is_complained_of_with_that_rule_and_again_with_the_same(line: Line, desk: Recommender):
    decision_id = line.in_talk().read()["decision_id"]
    held = held_by(desk.facts, desk.policy.catalogue, line.rung.json()["customer_id"], desk.clock.now())
    offer_id, rules = next(one for one in taken_away(desk, decision_id).items() if one[0] not in held)
    line.told("flagged", flag="complaint")
    told = {"flag": "complaint", "complaint": {"about": offer_id, "reason_code": "terms"}}
    call = line.told("flagged", event_id="about", **told)
    expected = {"about": offer_id, "reason_code": "terms", "decision_id": decision_id, "rule_ids": rules}
    assert said_in(desk, line) == expected
    assert call["flags"] == ["complaint"]
    assert line.send("flagged", event_id="about", **told).status_code == 200
    assert line.send("flagged", event_id="about", flag="complaint", complaint={}).status_code == 409
    assert said_in(desk, line) == expected


def test_what_was_put_forward_is_complained_of_with_the_rules_whose_duties_it_stood_under(
    line: Line, desk: Recommender
):
    call = line.in_talk().read()
    plan = next(one for one in sold(call) if one.startswith("PLAN-"))
    shown = {one for one in sold(call) if one.startswith("PLAN-")} | {"PLAN"}
    owed = {one["rule_id"] for one in desk.duties_of(call["decision_id"]) if one["action_id"] in shown}
    line.told("flagged", flag="complaint", complaint={"about": plan, "reason_code": "price"})
    said = said_in(desk, line)
    assert owed
    assert (said["decision_id"], said["rule_ids"]) == (call["decision_id"], sorted(owed - {COMPLAINT_RULE}))


def test_a_complaint_of_none_of_the_things_keeps_its_reason_and_no_rule(line: Line, desk: Recommender):
    line.in_talk().told("flagged", flag="complaint", complaint={"reason_code": "wrong_info"})
    assert said_in(desk, line) == {"about": "", "reason_code": "wrong_info", "decision_id": "", "rule_ids": []}


@pytest.mark.parametrize(
    "more",
    [
        {"flag": "complaint", "complaint": {"about": "NO_SUCH_OFFER"}},
        {"flag": "complaint", "complaint": {"about": "LIMIT", "reason_code": "because"}},
        {"flag": "complaint", "complaint": {"about": "LIMIT", "rule_ids": ["MINE"]}},
        {"flag": "fraud", "complaint": {"about": "LIMIT"}},
    ],
)
def test_what_cannot_be_said_of_a_complaint_is_refused_and_marks_nothing(line: Line, more: dict[str, object]):
    line.told("answered")
    assert line.send("flagged", **more).status_code == 422
    assert line.send("unflagged", flag="complaint", complaint={"about": "LIMIT"}).status_code == 422
    assert line.read()["flags"] == []


def test_the_latest_things_of_a_call_stand_before_what_is_held_and_no_more_than_have_keys():
    def asked(number: int, **said: str) -> Told:
        return Told(f"e{number}", "asked", "agent", AT, AT, details=said)

    outcomes = [{"offer_id": one} for one in ("CARD_GOLD", "PLAN-12", "PLAN-24", "HARDSHIP-DATE_CHANGE", "LIMIT")]
    events = [asked(1, what="offer", action_id="SAVINGS"), asked(2, what="limit"), asked(3, what="offer")]
    assert things_of_call([], [], []) == ["LIMIT"]
    assert things_of_call(events, outcomes, ["CARD_GOLD", "CASH"]) == ["LIMIT", "SAVINGS", "PLAN", "CARD_GOLD", "CASH"]
    assert len(things_of_call([], [], [f"OFFER_{number}" for number in range(30)])) == MOST_THINGS


def test_only_what_the_customer_holds_now_is_held(desk: Recommender):
    catalogue: Catalogue = desk.policy.catalogue
    ids, now = desk.customer_ids()[:300], desk.clock.now()
    held = [held_by(desk.facts, catalogue, one, now) for one in ids]
    known = {"PLAN", *(one.offer_id for one in catalogue.offers)}
    assert any(held)
    assert all(set(one) <= known for one in held)
    assert held_by(desk.facts, catalogue, "nobody", now) == []
