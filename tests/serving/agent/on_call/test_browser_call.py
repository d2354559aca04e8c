"""A call in a real Chromium: it opens by itself, is followed live, and a mark withdraws at once, in both languages."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import APIResponse, Page, Route, expect

from serving.scoring.outcomes import actions_for_sale
from serving.scoring.recommender import Recommender
from tests.axe import NO_FAULT, faults_by_theme
from tests.serving.agent.on_call.phone import Phone

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]

WORDS = {
    "zh-CN": {
        "live": "实时：",
        "complaint": "投诉",
        "withdrawn": "本次通话不再推荐。",
        "saved": "已记录。",
        "verdict": "可以",
        "about": "投诉：都不是 · 信息有误",
    },
    "en": {
        "live": "Live:",
        "complaint": "Complaint",
        "withdrawn": "Withdrawn for the rest of this call.",
        "saved": "Recorded.",
        "verdict": "No|less|Yes",
        "about": "Complaint: None of these · Our information is wrong",
    },
}


def rung(client: TestClient, sold_to: Iterator[str], desk: Recommender, language: str = "en") -> Phone:
    return Phone(client, next(one for one in sold_to if not desk.is_for_two(one)), language=language)


def opened(page: Page, site: str, phone: Phone, language: str = "en") -> None:
    page.goto(f"{site}calls/{phone.call_id}?lang={language}")
    expect(page.locator("#line")).to_have_attribute("data-state", "live")


@pytest.mark.parametrize("language", WORDS)
def test_a_call_opens_by_itself_and_is_served_by_keys_alone(
    open_page: OpenPage,
    site: str,
    client: TestClient,
    sold_to: Iterator[str],
    desk: Recommender,
    language: str,
):
    Phone.hush(client)
    said, page = WORDS[language], open_page()
    page.goto(f"{site}?lang={language}")
    phone = rung(client, sold_to, desk, language)
    page.wait_for_url(f"**/calls/{phone.call_id}")
    expect(page.locator("#line")).to_contain_text(said["live"])
    page.keyboard.press("Alt+r")
    expect(page.locator(".phase-answered")).to_be_visible()
    page.keyboard.press("Alt+r")
    expect(page.locator("#suggestions [data-sells]")).to_be_visible()
    page.keyboard.press("Alt+q")
    page.locator("#ask-amount").fill("900000000")
    page.keyboard.press("Enter")
    expect(page.locator("#asked .verdict")).to_contain_text(re.compile(said["verdict"]))
    page.keyboard.press("Alt+m")
    expect(page.locator("#first-mark")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#suggestions")).to_contain_text(said["withdrawn"])
    expect(page.locator("#notice")).to_have_text(said["saved"])
    expect(page.locator("#first-mark")).to_be_focused()
    expect(page.locator("#first-mark")).to_have_attribute("aria-pressed", "true")
    key = page.locator('[value="complaint_about:wrong_info:"]').get_attribute("data-key")
    page.keyboard.press(key or "")
    expect(page.locator(".call-facts")).to_contain_text(said["about"])
    expect(page.locator("#first-mark")).to_be_focused()
    page.keyboard.press("Alt+h")
    expect(page.locator(".phase-ended")).to_be_visible()
    page.locator("#wrap-note").fill("done")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agent/?wrapped=*")
    assert phone.told()["is_wrapped_up"]


def test_a_page_that_was_rendered_before_an_act_and_comes_after_it_takes_nothing_back(
    open_page: OpenPage, site: str, phone: Phone
):
    page, late = open_page(), list[tuple[Route, APIResponse]]()
    opened(page, site, phone)

    def held(route: Route) -> None:
        late.append((route, route.fetch()))

    def until_held(count: int) -> None:
        while len(late) < count:
            page.wait_for_timeout(20)

    page.route(re.compile(rf"/calls/{phone.call_id}(\?|$)"), held)
    phone.act("tone:hurried")
    until_held(1)
    page.keyboard.press("Alt+r")
    expect(page.locator(".phase-answered")).to_be_visible()
    route, of_while_it_rang = late[0]
    route.fulfill(response=of_while_it_rang)
    # The page asks again once it has dealt with that one, and then hears of nothing any more.
    until_held(2)
    expect(page.locator(".phase-answered")).to_be_visible()
    expect(page.locator("button[value=answered]")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")


def test_what_others_tell_of_the_call_shows_without_moving_the_focus_or_what_is_typed(
    open_page: OpenPage, site: str, phone: Phone
):
    phone.act("answered")
    page = open_page()
    opened(page, site, phone)
    page.locator("#wrap-note").fill("half a note")
    body = {"event_id": "t1", "kind": "flagged", "source": "telephony", "flag": "fraud"}
    phone.act("need_resolved")
    expect(page.locator("#suggestions [data-sells]")).to_be_visible()
    expect(page.locator("#told")).not_to_be_empty()
    assert phone.client.post(f"/v1/calls/{phone.call_id}/events", json=body).status_code == 201
    expect(page.locator("#suggestions [data-sells]")).to_have_count(0)
    expect(page.locator("#told")).to_have_text(WORDS["en"]["withdrawn"])
    expect(page.locator("#wrap-note")).to_be_focused()
    expect(page.locator("#wrap-note")).to_have_value("half a note")


def test_a_mark_withdraws_before_it_is_confirmed_and_is_sent_again_until_it_is(
    open_page: OpenPage, site: str, phone: Phone
):
    phone.in_talk()
    page = open_page(may_complain=True)
    opened(page, site, phone)
    tries = []

    def fails_once(route: Route) -> None:
        tries.append(route.request.post_data)
        route.abort() if len(tries) == 1 else route.continue_()

    page.route("**/acts*", fails_once)
    # In one turn of the browser: nothing can have been answered yet.
    is_gone = page.evaluate(
        """() => {
            document.getElementById("first-mark").click();
            return !document.querySelector("#suggestions [data-sells], #suggestions [data-offer]");
        }"""
    )
    assert is_gone
    expect(page.locator("#notice")).to_contain_text("not recorded yet")
    expect(page.locator("#suggestions [data-sells]")).to_have_count(0)
    expect(page.locator("#notice")).to_have_text("Recorded.")
    assert (len(tries), tries[0]) == (2, tries[1])
    assert phone.told()["flags"] == ["complaint"]


def test_a_complaint_and_what_it_is_about_are_two_keys_in_a_row_and_withdraw_within_half_a_second(
    open_page: OpenPage, site: str, phone: Phone
):
    phone.in_talk()
    page = open_page()
    opened(page, site, phone)
    expect(page.locator("#suggestions [data-sells]")).to_be_visible()
    page.evaluate(
        """() => new MutationObserver(() => {
            if (!document.querySelector("#suggestions [data-sells]")) window.gone ??= performance.now();
        }).observe(document.getElementById("suggestions"), { childList: true, subtree: true })"""
    )
    page.keyboard.press("Alt+m")
    began = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    expect(page.locator(".call-facts")).to_contain_text("Complaint: Credit limit · Dislikes the terms")
    assert page.evaluate("window.gone") - began < 500
    # Where the focus is in no mark and no list a figure is a figure.
    page.locator("#wrap-note").fill("")
    page.locator("#wrap-note").press("1")
    expect(page.locator("#wrap-note")).to_have_value("1")
    expect(page.locator(".call-facts")).to_contain_text("Complaint: Credit limit · Dislikes the terms")
    assert phone.told()["flags"] == ["complaint"]


def test_a_connection_that_is_lost_is_said_in_words(open_page: OpenPage, site: str, phone: Phone):
    page = open_page(may_complain=True)
    page.route("**/calls/stream", lambda route: route.abort())
    page.goto(f"{site}calls/{phone.call_id}?lang=en")
    expect(page.locator("#line")).to_contain_text("Not live: the connection is lost")


def test_no_state_of_a_call_has_an_accessibility_fault_in_either_theme_or_scrolls_sideways(
    open_page: OpenPage, site: str, phone: Phone
):
    page, narrow = open_page(), open_page(width=360)

    def is_sound(one: Page, state: str) -> None:
        assert faults_by_theme(one) == NO_FAULT, state
        wide = one.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, state

    for act in ("", "answered", "need_resolved", "accepted", "flagged:hardship", "flagged:complaint", "ended"):
        if act == "accepted":
            place = f"decisions/{phone.told()['decision_id']}/answers"
            phone.send(place, offer_id=actions_for_sale(phone.told()["decision"])[0], outcome=act)
        elif act:
            phone.act(act)
        for one in (page, narrow):
            opened(one, site, phone)
            if act == "accepted":
                expect(one.locator("#taking")).to_be_visible()
                one.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        is_sound(page, act)
        if act == "accepted":
            is_sound(narrow, act)
    for one in (page, narrow):
        one.goto(f"{site}settings?lang=en")
        is_sound(one, "settings")
