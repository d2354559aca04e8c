"""What a customer accepts in a call: read line by line, consented to, in four acts at most; and what is never said."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from linewise.core.actions import LIMIT_ACTION
from linewise.ledger.contacts import contacts_of
from serving.scoring.outcomes import actions_for_sale
from serving.scoring.recommender import Recommender
from tests.serving.agent.on_call.phone import Phone
from tests.serving.agent.reading import text_of

MOST_ACTS = 4


@pytest.fixture
def raised(client: TestClient, sold_to: Iterator[str], desk: Recommender) -> Phone:
    """A call in talk, of a customer to whom an offer and plans are put and who may have the higher limit asked for."""
    for customer_id in sold_to:
        if desk.is_for_two(customer_id):
            continue
        phone = Phone(client, customer_id).in_talk()
        current_amt = phone.told()["decision"]["limit"]["current_amt"]
        phone.page = phone.send("asked", what="limit:", amount=str((current_amt + 1_000_000) // 100))
        if phone.told()["request"]["limit"]["suggested_amt"] > current_amt:
            return phone
        phone.act("ended")
    raise AssertionError("nobody of the served bank may have a higher limit")


def decision_of(phone: Phone, action_id: str) -> str:
    """The decision in which an action stands: that on the request of a limit, else what the bank proposes."""
    told = phone.told()
    return str(told["requests"][-1]["decision_id"] if action_id == LIMIT_ACTION else told["decision_id"])


def outcomes_in(phone: Phone, desk: Recommender, *events: str) -> list[tuple[str, str, str]]:
    """Action, outcome and reason of what was recorded of the call's decisions, each in order."""
    ids = dict.fromkeys((phone.told()["decision_id"], *(one["decision_id"] for one in phone.told()["requests"])))
    told = [one for decision_id in ids for one in desk.outcomes_of(decision_id)]
    return [
        (str(one["offer_id"]), str(one["outcome"]), str(one["reason_code"]))
        for one in told
        if one["call_id"] == phone.call_id and (not events or one["outcome"] in events)
    ]


def sent(phone: Phone, action_id: str, **fields: str) -> None:
    """One form about an action of the call's decision, and the page after it."""
    to = "signs" if "sign" in fields else "answers"
    phone.page = phone.send(f"decisions/{decision_of(phone, action_id)}/{to}", offer_id=action_id, **fields)


def taken(phone: Phone, action_id: str) -> int:
    """Accept, read and consent by the buttons that the page shows; gives how many that were."""
    sent(phone, action_id, outcome="accepted")
    acts = 1
    assert re.search(r'class="main consent"[^>]* disabled', phone.page.text)
    while line := re.search(
        r'name="reason_code" value="([^"]+/[^"]+)">\s*<button class="quiet tick-line"', phone.page.text
    ):
        sent(phone, action_id, sign="disclosure_read", reason_code=line[1])
        acts += 1
    assert not re.search(r'class="main consent"[^>]* disabled', phone.page.text)
    sent(phone, action_id, sign="consent_captured")
    return acts + 1


def test_whatever_is_for_sale_is_taken_in_four_acts_and_each_line_read_is_an_outcome_with_its_version(
    raised: Phone, desk: Recommender
):
    decision = raised.told()["decision"]
    plan = next(one for one in actions_for_sale(decision) if one.startswith("PLAN-"))
    offer = next((one["offer_id"] for one in decision["offers"]), None)
    for action_id in [one for one in (offer, LIMIT_ACTION, plan) if one]:
        assert 2 < taken(raised, action_id) <= MOST_ACTS
        events = [(outcome, reason) for one, outcome, reason in outcomes_in(raised, desk) if one == action_id]
        events = [one for one in events if one != ("shown", "")]
        assert events[0] == ("accepted", "")
        assert events[-1] == ("consent_captured", "")
        assert all(re.fullmatch(r"[A-Z-]+/\d+", reason) for outcome, reason in events[1:-1])
        sent(raised, action_id, outcome="postponed")
        assert "being-taken" not in raised.page.text
        assert 'id="taking"' not in raised.page.text


def test_consent_waits_for_the_last_line_and_for_an_acceptance(raised: Phone, desk: Recommender):
    sent(raised, LIMIT_ACTION, sign="consent_captured")
    assert raised.page.status_code == 409
    assert "has not accepted this" in raised.text
    sent(raised, LIMIT_ACTION, outcome="accepted")
    sent(raised, LIMIT_ACTION, sign="consent_captured")
    assert "once every line has been read" in raised.text
    assert outcomes_in(raised, desk, "consent_captured") == []
    sent(raised, LIMIT_ACTION, sign="disclosure_read", reason_code="LIMIT-RAISE/1")
    sent(raised, LIMIT_ACTION, sign="consent_captured")
    sent(raised, LIMIT_ACTION, sign="consent_captured")
    assert len(outcomes_in(raised, desk, "consent_captured")) == 1
    assert "It is complete only by the customer's own act." in raised.text


def test_who_changes_their_mind_and_accepts_again_consents_again(raised: Phone, desk: Recommender):
    assert taken(raised, LIMIT_ACTION) <= MOST_ACTS
    sent(raised, LIMIT_ACTION, outcome="postponed")
    sent(raised, LIMIT_ACTION, outcome="accepted")
    assert 'class="main consent"' in raised.page.text
    sent(raised, LIMIT_ACTION, sign="consent_captured")
    assert len(outcomes_in(raised, desk, "consent_captured")) == 2


def test_what_is_marked_takes_what_was_accepted_from_the_screen_and_no_consent_comes_after_it(
    raised: Phone, desk: Recommender
):
    shown = decision_of(raised, LIMIT_ACTION)
    sent(raised, LIMIT_ACTION, outcome="accepted")
    sent(raised, LIMIT_ACTION, sign="disclosure_read", reason_code="LIMIT-RAISE/1")
    raised.act("flagged:complaint")
    assert 'id="taking"' not in raised.page.text
    refused = raised.send(f"decisions/{shown}/signs", offer_id=LIMIT_ACTION, sign="consent_captured")
    assert refused.status_code == 409
    assert "consent_captured" not in {one["outcome"] for one in desk.outcomes_of(shown)}


def test_what_is_accepted_stays_when_the_call_is_decided_anew(raised: Phone):
    plan = next(one for one in actions_for_sale(raised.told()["decision"]) if one.startswith("PLAN-"))
    before = raised.told()["decision_id"]
    sent(raised, plan, outcome="accepted")
    raised.act("tone:hurried")
    assert raised.told()["decision_id"] != before
    assert 'id="taking"' in raised.page.text
    assert f"/decisions/{before}/signs" in raised.page.text


def test_what_surfaces_is_noted_as_shown_once_and_is_no_contact_with_the_customer(raised: Phone, desk: Recommender):
    raised.open()
    raised.open()
    told = raised.told()
    shown = outcomes_in(raised, desk, "shown")
    assert sorted(one for one, *_ in shown) == sorted(actions_for_sale(told["decision"]))
    now = desk.clock.now()
    assert [one for one in contacts_of(desk.ledger, [raised.customer_id], now) if one.kind == "impression"] == []


def test_what_has_not_surfaced_is_not_noted_and_a_pull_notes_what_it_shows(phone: Phone, desk: Recommender):
    phone.act("answered")
    assert outcomes_in(phone, desk) == []
    phone.open(show=phone.told()["decision_id"])
    assert {outcome for _, outcome, _ in outcomes_in(phone, desk)} == {"shown"}


def test_said_and_not_said_are_the_agents_own_word_and_no_refusal(raised: Phone, desk: Recommender):
    first, *_ = actions_for_sale(raised.told()["decision"])
    decision_id = raised.told()["decision_id"]
    for _ in range(2):
        sent(raised, first, sign="pitched")
    assert "Said to the customer" in raised.text
    suggested = re.search(r'id="not-put-plans">.*?name="offer_id" value="(PLAN-\d+)"', raised.page.text, re.DOTALL)
    assert suggested is not None
    sent(raised, suggested[1], sign="not_pitched", reason_code="customer_upset")
    assert "Not put forward: Customer upset" in raised.text
    told = outcomes_in(raised, desk, "pitched", "not_pitched")
    assert told == [(first, "pitched", ""), (suggested[1], "not_pitched", "customer_upset")]
    # No refusal: the call is not decided anew by it.
    assert raised.told()["decision_id"] == decision_id
    ids = re.findall(r'name="offer_ids" value="([^"]+)"', raised.page.text)
    assert first not in ids


@pytest.mark.parametrize(
    "fields",
    [
        {"sign": "ordered"},
        {"sign": "accepted"},
        {"sign": "pitched", "offer_id": "CARD_NOBODY_HAS"},
        {"sign": "not_pitched"},
        {"sign": "not_pitched", "reason_code": "price"},
        {"sign": "disclosure_read", "reason_code": "no line"},
        {"sign": "disclosure_read"},  # which would stand for all lines at once
    ],
)
def test_a_sign_that_no_button_sends_is_refused(phone: Phone, desk: Recommender, fields: dict[str, str]):
    phone.in_talk()
    told = phone.told()
    offer_id = fields.get("offer_id") or actions_for_sale(told["decision"])[0]
    refused = phone.send(f"decisions/{told['decision_id']}/signs", **fields | {"offer_id": offer_id})
    assert refused.status_code == 422, text_of(refused)


def test_what_the_customer_asked_for_and_may_have_is_drawn_and_accepted_where_it_is_answered(raised: Phone):
    assert 'aria-labelledby="curve-asked-title curve-asked-desc"' in raised.page.text
    asked = decision_of(raised, LIMIT_ACTION)
    form = re.search(
        rf'action="[^"]*/decisions/{asked}/answers" data-act>.*?name="offer_id" value="LIMIT">The customer accepts',
        raised.page.text,
        re.DOTALL,
    )
    assert form is not None
    sent(raised, LIMIT_ACTION, outcome="accepted")
    assert 'id="taking"' in raised.page.text
    assert "The customer accepts" not in raised.text
