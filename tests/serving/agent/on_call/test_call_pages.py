"""The page of a call in its states: what is shown, what is withdrawn, what is asked and answered, how it ends."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from linewise.core.clock import BankClock
from serving.access import Access
from serving.api import make_app
from serving.scoring.recommender import Recommender
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.access.people import PASSWORD, with_users
from tests.serving.agent.on_call.phone import Phone
from tests.serving.agent.reading import text_of, token_in
from tests.serving.doors import headers_of

WITHDRAWING = ("complaint", "fraud", "lost_card", "dispute", "hardship", "vulnerable", "bereavement", "third_person")


def test_a_call_walks_from_ringing_to_one_suggestion_and_shows_four_digits_of_the_caller(phone: Phone):
    assert f"Caller …{phone.customer_id[-4:]} Verified Ringing" in phone.text
    assert phone.customer_id not in re.sub(r"</?[^>]*>", "", phone.page.text)
    assert not phone.is_sold
    assert "On the line" in phone.act("answered").text
    assert not phone.is_sold
    phone.act("need_resolved")
    assert phone.is_sold
    assert phone.page.text.index("first-title") < phone.page.text.index("offers-title")


def test_what_a_complaint_is_about_is_one_more_button_that_works_by_itself(phone: Phone):
    phone.in_talk()
    marked = phone.act("flagged:complaint")
    assert re.search(r'<details class="about" id="about-complaint" open>', marked.text)
    said = phone.act("complaint_about:terms:LIMIT")
    assert "Complaint: Credit limit · Dislikes the terms" in phone.text
    assert re.search(r'value="complaint_about:terms:LIMIT"[^>]*aria-pressed="true"', said.text)
    phone.act("complaint_about::")
    assert "Complaint: None of these · Another reason" in phone.text
    assert phone.send("acts", act="complaint_about:terms:NO_SUCH").status_code == 422
    assert phone.told()["flags"] == ["complaint"]


@pytest.mark.parametrize(("days", "says"), [(0, None), (1, "1 day old"), (6, "6 days old")])
def test_how_old_the_data_are_stands_above_the_suggestions(
    client: TestClient,
    desk: Recommender,
    sold_to: Iterator[str],
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    says: str | None,
):
    later = desk.clock.now() + timedelta(days=days)
    monkeypatch.setattr(BankClock, "now", lambda _: later)
    phone = Phone(client, next(sold_to)).in_talk()
    assert ("Data up to" in phone.text) == (says is not None)
    assert says is None or says in phone.text


def test_suggestions_before_the_need_is_resolved_come_only_when_asked_for(phone: Phone):
    phone.act("answered")
    pull = re.search(r'href="\?show=([^"]+)" data-pull', phone.page.text)
    assert pull is not None
    phone.open(show=pull[1])
    assert phone.is_sold
    phone.open()
    assert not phone.is_sold


@pytest.mark.parametrize("flag", WITHDRAWING)
def test_a_mark_withdraws_what_is_for_sale_and_taking_it_back_brings_back_only_what_was_a_slip(phone: Phone, flag: str):
    phone.in_talk()
    shown = phone.told()["decision_id"]
    phone.act(f"flagged:{flag}")
    assert not phone.is_sold
    phone.act(f"unflagged:{flag}")
    phone.open(show=shown)
    assert not phone.is_sold
    if flag != "hardship":
        phone.open(show=phone.told()["decision_id"] or "")
        assert not phone.is_sold


def test_a_caller_who_is_not_verified_after_all_is_offered_nothing_and_stays_so(phone: Phone):
    phone.in_talk().act("verification_lowered")
    assert not phone.is_sold
    assert "Not verified" in phone.text
    assert "verification_lowered" not in phone.page.text


def test_a_double_click_tells_one_event(phone: Phone):
    phone.act("answered")
    before = phone.told()["event_number"]
    for _ in range(2):
        assert phone.send("acts", act="tone:hurried").status_code == 200
    told = phone.told()
    assert (told["tone"], phone.open().text.count("Hurried")) == ("hurried", 1)
    assert told["event_number"] <= before + 2  # the tone, and a decision upon it


@pytest.mark.parametrize(
    ("act", "status"), [("raised", 422), ("decided", 422), ("tone:loud", 422), ("wrap_up_saved", 422)]
)
def test_what_no_button_says_is_refused(phone: Phone, act: str, status: int):
    assert phone.send("acts", act=act).status_code == status


def test_after_the_end_nothing_is_marked_any_more_and_the_page_says_how_it_stands(phone: Phone):
    phone.act("answered")
    form = phone.page
    phone.act("ended")
    phone.page = form
    refused = phone.send("acts", act="flagged:complaint")
    assert refused.status_code == 409
    assert "the call has moved on" in text_of(refused)
    assert "Ended" in text_of(refused)


def test_a_refusal_is_recorded_in_this_call_and_what_is_right_after_it_waits_to_be_asked_for(
    phone: Phone, desk: Recommender
):
    phone.in_talk()
    told = phone.told()
    offer, place = told["decision"]["offers"][0], f"decisions/{told['decision_id']}/answers"
    no_reason = phone.send(place, offer_id=offer["offer_id"], outcome="declined", note="later")
    assert no_reason.status_code == 422
    assert 'value="later"' in no_reason.text
    phone.page = phone.send(place, offer_id=offer["offer_id"], outcome="declined", reason_code="price")
    assert f"Recorded: {offer['title']}, Declined." in phone.text
    answers = [one for one in desk.outcomes_of(told["decision_id"]) if one["outcome"] != "shown"]
    assert [(one["outcome"], one["reason_code"]) for one in answers] == [("declined", "price")]
    assert not phone.is_sold


@pytest.mark.parametrize(
    ("what", "amount"), [("limit:", "1"), ("limit:", "900,000,000"), ("offer:CARD_GOLD", ""), ("plan:statement", "500")]
)
def test_what_the_customer_asks_for_has_a_yes_or_a_no_with_a_reason(phone: Phone, what: str, amount: str):
    phone.act("answered")
    phone.page = phone.send("asked", what=what, amount=amount)
    assert phone.page.status_code == 200, phone.text
    verdict = re.search(r'class="asked answer-is-(\w+)"', phone.page.text)
    assert verdict is not None, phone.text
    if verdict[1] == "no":
        assert re.search(r'class="verdict">.*?</p>\s*<p lang="en">\S', phone.page.text, re.DOTALL)


@pytest.mark.parametrize("amount", ["much", "-5", "0", "1e999", "9" * 30])
def test_an_amount_that_is_none_is_asked_for_again_as_typed(phone: Phone, amount: str):
    phone.act("answered")
    refused = phone.send("asked", what="limit:", amount=amount)
    assert refused.status_code == 422
    assert f'value="{amount}"' in refused.text


def test_a_what_if_is_rounded_to_the_step_and_asked_three_times_at_most(phone: Phone, desk: Recommender):
    phone.act("answered")
    for number in range(3):
        phone.page = phone.send("asked", what="limit:", amount=f"{50_017 + 1000 * number}.30", is_what_if="yes")
        assert phone.page.status_code == 200, phone.text
    asked = phone.told()["request"]["limit"]["request"]["asked_amt"]
    assert asked % desk.policy.decision.limit.step_amt == 0
    assert "Only what if" not in phone.text
    fourth = phone.send("asked", what="limit:", amount="60000", is_what_if="yes")
    assert fourth.status_code == 409
    assert "three such questions" in text_of(fourth)
    assert phone.send("asked", what="limit:", amount="60000").status_code == 200


def test_a_wrap_up_is_proposed_from_what_was_clicked_and_its_note_is_scrubbed(phone: Phone):
    phone.act("answered")
    phone.act("flagged:dispute")
    assert re.search(r'value="follow_up" required checked', phone.page.text)
    assert '<option value="bill" selected>' in phone.page.text
    phone.act("ended")
    saved = phone.send(
        "wrap-up", outcome="follow_up", reason="bill", note="card 4111 1111 1111 1111", follow_up_on="2030-02-01",
        sends_confirmation="yes",
    )  # fmt: skip
    assert saved.url.path == "/agent/"
    phone.open()
    assert "4111 1111" not in phone.page.text
    assert "…1111" in phone.page.text
    assert 'value="2030-02-01"' in phone.page.text
    assert re.search(r'name="sends_confirmation" value="yes" checked', phone.page.text)


def test_why_suggestions_were_not_put_forward_is_recorded_for_each_and_counts_as_no_refusal(
    phone: Phone, desk: Recommender
):
    phone.in_talk()
    told = phone.told()
    ids = re.findall(r'name="offer_ids" value="([^"]+)"', phone.page.text)
    assert ids == [one["offer_id"] for one in told["decision"]["offers"]]
    data = {"outcome": "resolved", "decision_id": told["decision_id"], "not_pitched": "call_too_short"}
    phone.send("wrap-up", **data, offer_ids=ids)  # type: ignore[arg-type]  # a field that comes several times
    told_of = [one for one in desk.outcomes_of(told["decision_id"]) if one["outcome"] != "shown"]
    assert [one["offer_id"] for one in told_of] == ids
    assert {(one["outcome"], one["reason_code"]) for one in told_of} == {("not_pitched", "call_too_short")}


@pytest.mark.parametrize("fields", [{"outcome": "fine"}, {"outcome": "resolved", "follow_up_on": "tomorrow"}])
def test_a_wrap_up_that_cannot_be_saved_keeps_what_was_typed(phone: Phone, fields: dict[str, str]):
    phone.act("answered")
    refused = phone.send("wrap-up", note="<b>call back</b>", **fields)
    assert refused.status_code == 422
    assert 'value="&lt;b&gt;call back&lt;/b&gt;"' in refused.text


def test_a_call_of_another_agent_is_told_of_by_that_agent_alone(
    client: TestClient, sold_to: Iterator[str], desk: Recommender
):
    other = Phone(client, next(one for one in sold_to if not desk.is_for_two(one)), agent_id="somebody-else")
    refused = other.send("acts", act="answered")
    assert refused.status_code == 409
    assert "with another agent" in text_of(refused)
    assert other.told()["phase"] == "ringing"


def test_calls_that_wait_are_listed_where_agents_search_and_a_call_that_never_rang_is_not_found(phone: Phone):
    assert f'href="{phone.place}"' in phone.client.get("/agent/").text
    assert phone.client.get("/agent/calls/none").status_code == 404
    assert phone.client.get(f"{phone.place}/acts").status_code == 200
    phone.act("ended")


def test_the_page_speaks_chinese_without_a_word_of_english(
    client: TestClient, sold_to: Iterator[str], desk: Recommender
):
    phone = Phone(client, next(one for one in sold_to if not desk.is_for_two(one)), language="zh-CN")
    phone.open(lang="zh-CN")
    phone.in_talk()
    # What stands in the type of code is the name of a decision, a release or a model, and no word.
    named = set(re.findall(r"[A-Za-z]*[a-z]{2,}", " ".join(re.findall(r"<code>(.*?)</code>", phone.page.text))))
    words = set(re.findall(r"[A-Za-z]*[a-z]{2,}", text_of(phone.page))) - named
    assert words <= {"Linewise", "agent", "desk", "English", "Alt", "Esc"}


def test_a_wrap_up_sent_after_the_session_ended_is_kept_for_its_agent(
    opened: ReopeningRecommender, sold_to: Iterator[str], desk: Recommender
):
    settings = desk.settings.model_copy(update={"profile": "demo", "hashing_cost": "low"})
    with_users(settings, {"li.na": ("agent",)})
    access = Access(settings)
    client = TestClient(make_app(opened, access, "en"), base_url="http://desk.test")
    page = client.get("/agent/sign-in")
    client.post("/agent/sign-in", data={"csrf_token": token_in(page), "name": "li.na", "password": PASSWORD})
    customer_id = next(one for one in sold_to if not desk.is_for_two(one))
    key = headers_of(settings)
    body = {"call_id": "kept-1", "customer_id": customer_id, "agent_id": "li.na", "is_identity_verified": True}
    with TestClient(make_app(opened, access, "en"), headers=key) as telephony:
        assert telephony.post("/v1/calls", json=body).status_code == 201
    page = client.get("/agent/calls/kept-1")
    assert "Ringing" in text_of(page)
    with pytest.MonkeyPatch.context() as later:
        moment = access.now() + timedelta(minutes=16)
        later.setattr(access, "now", lambda: moment)
        form = {"csrf_token": token_in(page), "outcome": "follow_up", "note": "calls back on Monday"}
        asked = client.post("/agent/calls/kept-1/wrap-up", data=form)
        assert asked.url.path == "/agent/sign-in"
        again = {"csrf_token": token_in(asked), "name": "li.na", "password": PASSWORD}
        kept = client.post("/agent/sign-in", data=again)
        assert "calls back on Monday" in kept.text
    access.close()
