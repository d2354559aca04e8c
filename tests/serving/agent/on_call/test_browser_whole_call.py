"""A whole call by hand in a real Chromium, in both languages: from the ring to the own act and the wrap-up."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from serving.scoring.recommender import Recommender
from tests.serving.agent.on_call.test_browser_call import rung
from tests.serving.agent.on_call.test_own_act_in_call import secret

pytestmark = pytest.mark.browser

WORDS = {
    "zh-CN": {
        "bill": "账单",
        "waits": "等待客户确认",
        "read": "我已阅读以上全部费用和条款。",
        "agree": "我同意",
        "agreed": "客户已同意，已办理",
    },
    "en": {
        "bill": "Bill",
        "waits": "Waits for the customer",
        "read": "I have read all costs and terms above.",
        "agree": "I agree",
        "agreed": "The customer agreed: ordered",
    },
}


@pytest.mark.parametrize("language", WORDS)
def test_a_call_goes_from_its_ring_to_the_customers_own_act_and_the_wrap_up(
    open_page: Callable[..., Page],
    site: str,
    client: TestClient,
    sold_to: Iterator[str],
    desk: Recommender,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
):
    # The customer's page is tested by itself; this one reads fast.
    monkeypatch.setattr("serving.own_act.pages.reading_seconds", lambda *_: 1)
    page, said = open_page(), WORDS[language]
    page.goto(f"{site}?lang={language}")
    phone = rung(client, sold_to, desk, language)
    page.wait_for_url(f"**/calls/{phone.call_id}")
    expect(page.locator(".phase-ringing")).to_be_visible()
    page.locator("button[value=answered]").click()
    expect(page.locator(".phase-answered")).to_be_visible()
    page.locator(".intent > summary").click()
    page.locator('button[value="reason:bill"]').click()
    expect(page.locator(".intent .chip")).to_contain_text(said["bill"])
    page.locator("button[value=need_resolved]").click()
    expect(page.locator("#suggestions [data-sells]")).to_be_visible()

    page.locator("#plans button[value=accepted]").click()
    expect(page.locator("#taking .consent")).to_be_visible()
    while ticks := page.locator("#taking .tick-line").count():
        page.locator("#taking .tick-line").first.click()
        expect(page.locator("#taking .tick-line")).to_have_count(ticks - 1)
    page.locator("#taking .consent").click()
    expect(page.locator(".own-act .badge")).to_have_text(said["waits"])

    customer = open_page(360)
    customer.goto(f"{site.removesuffix('agent/')}own/{secret(phone, desk)}?lang={language}")
    customer.get_by_label(said["read"]).check()
    customer.get_by_role("button", name=said["agree"]).click()
    expect(page.locator(".own-act .badge")).to_have_text(said["agreed"])

    page.locator("button[value=ended]").click()
    expect(page.locator(".phase-ended")).to_be_visible()
    page.locator("#wrap-note").fill("done")
    page.locator("#wrap-note").press("Enter")
    page.wait_for_url("**/agent/?wrapped=*")
    assert phone.told()["is_wrapped_up"]
    told = [one["outcome"] for one in desk.outcomes_of(phone.told()["decision_id"])]
    assert [one for one in told if one not in {"shown", "expanded"}] == [
        "accepted", "disclosure_read", "consent_captured", "ordered",
    ]  # fmt: skip
