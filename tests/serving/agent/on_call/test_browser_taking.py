"""A suggestion is taken by hand and by keys in a real Chromium: said, read, consented to, folded and remapped."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from linewise.ledger.preferences import keep_preferences
from serving.scoring.outcomes import actions_for_sale
from serving.scoring.recommender import Recommender
from tests.serving.agent.known_agent import AGENT
from tests.serving.agent.on_call.phone import Phone
from tests.serving.agent.on_call.test_browser_call import opened

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def as_for_everybody(desk: Recommender) -> Iterator[None]:
    yield
    keep_preferences(desk.ledger, AGENT.name, {}, desk.clock.now())


@pytest.fixture
def phone(client: TestClient, sold_to: Iterator[str], desk: Recommender) -> Phone:
    """A call that rings, of a customer to whom two offers and a plan are put."""
    for customer_id in sold_to:
        phone = Phone(client, customer_id)
        if not desk.is_for_two(customer_id) and len(phone.told()["decision"]["offers"]) > 1:
            return phone
        phone.act("ended")
    raise AssertionError("nobody of the served bank has two offers")


def told_of(desk: Recommender, phone: Phone, action_id: str) -> list[str]:
    outcomes = desk.outcomes_of(phone.told()["decision_id"])
    return [str(one["outcome"]) for one in outcomes if one["offer_id"] == action_id]


def a_plan_is_taken_and_a_mark_takes_all_away(page: Page, plan_id: str) -> None:
    page.locator(f'#plans button[value="{plan_id}"], #plans button[value=accepted]').first.click()
    expect(page.locator("#taking .taken")).to_have_count(2)
    page.locator("#first-mark").click()
    expect(page.locator("#taking .consent")).to_have_count(0)
    expect(page.locator("#suggestions [data-sells]")).to_have_count(0)


def test_an_offer_is_read_out_and_consented_to_and_no_key_consents(
    open_page: OpenPage, site: str, phone: Phone, desk: Recommender
):
    offer_id, other_id, *_ = (one["offer_id"] for one in phone.in_talk().told()["decision"]["offers"])
    plan_id = next(one for one in actions_for_sale(phone.told()["decision"]) if one.startswith("PLAN-"))
    page = open_page()
    opened(page, site, phone)

    page.keyboard.press("Alt+/")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Alt+a")
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()
    page.keyboard.press("Alt+t")
    expect(page.locator("#offer-1 .talk")).to_be_focused()
    page.keyboard.press("Alt+w")
    expect(page.locator("#offer-1 .why")).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Alt+d")
    page.keyboard.press("2")
    expect(page.locator("#offer-1 .decline input[value=no_need]")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#offer-1 .decline")).not_to_have_attribute("open", "")
    expect(page.locator("#offer-1 .decline > summary")).to_be_focused()

    page.locator("#offer-1").get_by_role("button", name="I have said it").click()
    expect(page.locator("#offer-1 .is-said")).to_be_visible()
    with page.expect_response("**/signs") as told:
        page.keyboard.press("Alt+2")
    expect(page.locator("#offer-2 > summary")).to_be_focused()
    assert told.value.status == 303
    assert told_of(desk, phone, other_id) == ["shown", "expanded"]
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+a")
    expect(page.locator("#taking")).to_be_visible()
    consent = page.get_by_role("button", name="The customer consents")
    expect(consent).to_be_disabled()
    expect(page.locator("#taking")).to_be_focused()
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+k")
    expect(page.locator("#taking")).to_be_focused()
    page.get_by_role("button", name="I have read this line aloud").click()
    expect(consent).to_be_enabled()
    expect(consent).not_to_be_focused()
    for key in "RGKTWLP1":
        page.keyboard.press(f"Alt+{key}")
    expect(consent).to_be_enabled()
    assert told_of(desk, phone, offer_id) == ["shown", "pitched", "accepted", "disclosure_read"]
    consent.click()
    expect(page.locator("#taking")).to_contain_text("Consent recorded at")
    assert told_of(desk, phone, offer_id)[-1] == "consent_captured"

    expect(page.locator("button:focus")).to_have_count(0)

    a_plan_is_taken_and_a_mark_takes_all_away(page, plan_id)


def test_a_compact_screen_opens_by_keys_that_the_agent_chose_or_by_none(
    open_page: OpenPage, site: str, phone: Phone, desk: Recommender
):
    phone.in_talk()
    page = open_page()
    opened(page, site, phone)
    page.get_by_role("button", name="Compact view").click()
    expect(page.get_by_role("button", name="View with words open")).to_be_visible()
    expect(page.locator("#line")).to_have_attribute("data-state", "live")
    expect(page.locator("#talk-1 blockquote")).to_be_hidden()
    page.keyboard.press("Alt+t")
    expect(page.locator("#talk-1 blockquote")).to_be_visible()
    expect(page.locator("#talk-1 summary")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#talk-1 blockquote")).to_be_hidden()

    page.goto(f"{site}settings?to=/calls/{phone.call_id}")
    page.get_by_label("You may say").fill("y")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Back").click()
    expect(page.locator("#line")).to_have_attribute("data-state", "live")
    page.keyboard.press("Alt+t")
    expect(page.locator("#talk-1 blockquote")).to_be_hidden()
    page.keyboard.press("Alt+y")
    expect(page.locator("#talk-1 blockquote")).to_be_visible()

    page.goto(f"{site}settings?to=/calls/{phone.call_id}")
    page.get_by_label("Keys with Alt do what stands here").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Back").click()
    expect(page.locator("#line")).to_have_attribute("data-state", "live")
    page.keyboard.press("Alt+y")
    page.keyboard.press("Alt+a")
    expect(page.locator("[data-keys]")).to_have_count(0)
    expect(page.locator("#talk-1 blockquote")).to_be_hidden()
    assert "accepted" not in {one["outcome"] for one in desk.outcomes_of(phone.told()["decision_id"])}
