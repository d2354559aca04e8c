"""The agent's walk in a real Chromium: by mouse, by keyboard, without a script, in both themes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.axe import NO_FAULT, faults_by_theme
from tests.serving.agent.memory_desk import MemoryDesk, empty_view

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]

WORDS = {
    "zh-CN": {
        "customer": "客户号",
        "find": "查找",
        "suggest": "查看客户 2143 的建议",
        "offer": "金卡",
        "why": "为什么适合这位客户",
        "decline": "拒绝",
        "reason": "太贵",
        "note": "备注（可不填）",
        "record": "记录拒绝",
        "confirmed": "已记录：金卡，已拒绝。",
        "state": "已记录：已拒绝",
    },
    "en": {
        "customer": "Customer number",
        "find": "Find",
        "suggest": "Suggest for customer 2143",
        "offer": "Gold card",
        "why": "Why this customer",
        "decline": "Decline",
        "reason": "Too expensive",
        "note": "Note (optional)",
        "record": "Record the refusal",
        "confirmed": "Recorded: Gold card, Declined.",
        "state": "Recorded: Declined",
    },
}


def open_decision(page: Page, site: str, language: str = "zh-CN") -> None:
    page.goto(f"{site}?q=2143&lang={language}")
    page.get_by_role("button", name=WORDS[language]["suggest"]).click()
    expect(page.locator("#offer-1, .offers .none").first).to_be_visible()
    page.wait_for_load_state("load")


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_agent_walks_from_search_to_a_recorded_refusal(
    open_page: OpenPage, site: str, desk: MemoryDesk, language: str, has_script: bool
) -> None:
    said = WORDS[language]
    page = open_page(java_script_enabled=has_script)
    page.goto(f"{site}?lang={language}")
    page.get_by_label(said["customer"]).fill("21")
    page.get_by_role("button", name=said["find"]).click()
    page.get_by_role("button", name=said["suggest"]).click()
    offer = page.get_by_role("article", name=said["offer"])
    expect(offer.get_by_role("heading", name=said["why"])).to_be_visible()
    offer.locator("summary", has_text=said["decline"]).click()
    offer.get_by_label(said["reason"]).check()
    offer.get_by_label(said["note"]).fill("<b>no</b>")
    offer.get_by_role("button", name=said["record"]).click()
    expect(page.get_by_role("status")).to_have_text(said["confirmed"])
    expect(offer).to_contain_text(said["state"])
    expect(offer).to_contain_text("<b>no</b>")
    page.reload()
    expect(offer).to_contain_text(said["state"])
    page.go_back()
    page.go_forward()
    expect(offer).to_contain_text(said["state"])
    assert desk.decided == 1
    assert [one["outcome"] for one in desk.outcomes] == ["declined"]


def test_double_click_records_once(open_page: OpenPage, site: str, desk: MemoryDesk) -> None:
    page = open_page()
    open_decision(page, site)
    page.get_by_role("article").get_by_role("button", name="接受").dblclick()
    expect(page.get_by_role("status")).to_contain_text("金卡，已接受")
    assert len(desk.outcomes) == 1


def test_answer_that_cannot_be_sent_keeps_what_was_typed(open_page: OpenPage, site: str, desk: MemoryDesk) -> None:
    page = open_page(may_complain=True)
    open_decision(page, site)
    desk.views.clear()
    offer = page.get_by_role("article")
    offer.locator(".decline > summary").click()
    offer.get_by_label("太贵").check()
    offer.get_by_label("备注（可不填）").fill("下次再说")
    offer.get_by_role("button", name="记录拒绝").click()
    expect(page.get_by_role("status")).to_have_text("没有这个决策编号。")
    expect(offer.get_by_label("备注（可不填）")).to_have_value("下次再说")


def test_keyboard_alone_reaches_and_answers_everything(open_page: OpenPage, site: str, desk: MemoryDesk) -> None:
    page = open_page()
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("2143")
    page.keyboard.press("Enter")
    row = page.get_by_role("button", name="查看客户 2143 的建议")
    row.focus()
    page.keyboard.press("Enter")
    page.locator("#offer-1").wait_for()
    # The page shows before its script has run, and keys are the script's.
    page.wait_for_load_state()
    page.keyboard.press("Alt+l")
    expect(page.locator("#limit")).to_be_focused()
    page.keyboard.press("Alt+p")
    expect(page.locator("#plans")).to_be_focused()
    page.keyboard.press("Alt+1")
    expect(page.locator("#offer-1")).to_be_focused()
    page.keyboard.press("Alt+d")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#offer-1").get_by_label("不需要")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#offer-1 .recorded")).to_be_focused()
    page.keyboard.press("Alt+2")
    expect(page.locator("#offer-2 summary").first).to_be_focused()
    page.keyboard.press("Alt+n")
    expect(page.locator("#offer-2 .recorded")).to_contain_text("暂不")
    assert [(one["outcome"], one["reason_code"]) for one in desk.outcomes] == [
        ("declined", "no_need"),
        ("postponed", ""),
    ]


def test_accept_key_answers_the_first_open_offer(open_page: OpenPage, site: str, desk: MemoryDesk) -> None:
    page = open_page()
    open_decision(page, site)
    page.keyboard.press("Alt+a")
    expect(page.locator("#offer-1 .recorded")).to_be_visible()
    assert [one["offer_id"] for one in desk.outcomes] == ["CARD_GOLD"]


@pytest.mark.parametrize("key", ["a", "n", "d", "Control+Alt+a", "Shift+a"])
def test_no_key_without_alt_alone_answers(open_page: OpenPage, site: str, desk: MemoryDesk, key: str) -> None:
    page = open_page()
    open_decision(page, site)
    page.keyboard.press(key)
    expect(page.locator("#offer-1 .answers")).to_be_visible()
    expect(page.locator("#offer-1 .decline")).not_to_have_attribute("open", "")
    assert desk.outcomes == []


@pytest.mark.parametrize("state", ["find", "decision", "declining", "answered", "none", "problem"])
def test_page_has_no_accessibility_fault_in_either_theme(
    open_page: OpenPage, site: str, desk: MemoryDesk, state: str
) -> None:
    page = open_page(may_complain=state == "problem")
    if state == "none":
        desk.makes = empty_view
    if state == "find":
        page.goto(site)
    elif state == "problem":
        page.goto(f"{site}decisions/none?lang=en")
    else:
        open_decision(page, site)
    if state in ("declining", "answered"):
        page.locator("#offer-2 > summary").click()
        page.locator(".schedule > summary").first.click()
    if state == "declining":
        page.locator("#offer-1 .decline > summary").click()
    if state == "answered":
        page.locator("#offer-1 button[value=accepted]").click()
        expect(page.locator("#offer-1 .recorded")).to_be_visible()
    assert faults_by_theme(page) == NO_FAULT


@pytest.mark.parametrize("width", [360, 320])
@pytest.mark.parametrize("language", WORDS)
def test_dock_never_scrolls_sideways(open_page: OpenPage, site: str, width: int, language: str) -> None:
    page = open_page(width=width)

    def overhang() -> int:
        return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    page.goto(f"{site}?lang={language}")
    assert overhang() <= 0
    open_decision(page, site, language)
    for summary in page.locator("summary").all():
        summary.click()
    assert overhang() <= 0


@pytest.mark.parametrize("width", [1280, 360])
def test_every_target_is_large_enough(open_page: OpenPage, site: str, width: int) -> None:
    page = open_page(width=width)
    open_decision(page, site)
    for summary in page.locator("summary").all():
        summary.click()
    targets = page.locator("a:not(.skip), button, summary, label:has(input), input[name=note]")
    # What asks whether somebody is still there is shown when it asks.
    for target in targets.locator("visible=true").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, target.inner_text()
