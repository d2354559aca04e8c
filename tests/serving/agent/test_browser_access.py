"""Signing in and staying in, in a real Chromium: by keyboard, in both languages and themes, at desk and dock."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, Route, expect

from linewise.core.home import Home
from linewise.ledger import sessions
from serving.access import Access
from serving.agent import agent_app
from tests.axe import faults, seen_as
from tests.serving.access.people import PASSWORD, quick_settings, with_users
from tests.serving.agent.conftest import served
from tests.serving.agent.memory_desk import MemoryDesk

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture
def guarded(home: Home, desk: MemoryDesk) -> Iterator[str]:
    """The address of pages that ask who is there; asked for before `open_page`: no page outlives it."""
    settings = quick_settings(home)
    with_users(settings, {"li.na": ("agent",), "sup": ("supervisor",)})
    access = Access(settings)
    app = FastAPI()
    app.mount("/agent", agent_app(lambda: desk, access))
    with served(app) as address:
        yield f"{address}/agent/"
    access.close()


def sign_in(page: Page, name: str = "li.na", password: str = PASSWORD) -> None:
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")


def test_an_agent_gets_to_a_decision_by_keyboard_alone(guarded: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{guarded}?lang=en")
    # The name has the focus when the page opens.
    page.keyboard.type("li.na")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text("li.na")
    page.locator("#q").fill("2143")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Suggest for customer 2143").press("Enter")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("calls back as agreed")
    page.keyboard.press("Enter")
    expect(page.locator("#offer-1")).to_be_visible()
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")


@pytest.mark.parametrize(
    ("language", "looks"),
    [("zh-CN", ((1280, "light"), (360, "dark"))), ("en", ((1280, "dark"), (360, "light")))],
)
def test_no_page_of_signing_in_has_an_accessibility_fault_or_scrolls_sideways(
    guarded: str, open_page: OpenPage, desk: MemoryDesk, language: str, looks: tuple[tuple[int, str], ...]
) -> None:
    desk.staff = frozenset({"31"})
    # A refused sign-in is a 401, of which the console tells.
    page = open_page(may_complain=True)

    def look() -> None:
        page.wait_for_load_state("load")
        for width, scheme in looks:
            seen_as(page, width, scheme)
            assert faults(page) == [], (width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"{guarded}sign-in?lang={language}")
    look()
    sign_in(page, password="wrong")
    page.locator(".notice.is-problem").wait_for()
    look()
    sign_in(page)
    page.locator(".who").wait_for()
    page.locator('tr:has(input[value="31"]) button').click()
    page.locator("#reason").fill("is on the phone")
    look()
    page.keyboard.press("Enter")
    page.locator("#reason").wait_for(state="detached")
    look()
    page.locator(".who button").click()
    page.locator("#name").wait_for()
    sign_in(page, "sup")
    page.locator("button[value=true]").wait_for()
    look()


def test_before_a_session_ends_the_page_says_so_and_one_press_goes_on(
    guarded: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    page.clock.install()
    page.goto(f"{guarded}?lang=en")
    sign_in(page)
    page.locator(".who").wait_for()
    warning = page.get_by_role("alert")
    # By the browser's clock it is time to ask; by the server's next to nothing is over, as where another tab went on.
    almost = timedelta(minutes=14, seconds=30) // timedelta(milliseconds=1)
    with page.expect_response("**/agent/session"):
        page.clock.run_for(almost)
    expect(warning).to_be_hidden()
    monkeypatch.setattr(sessions, "IDLE_AFTER", timedelta(seconds=55))
    for _ in range(60):
        # Answers to earlier looks may still come, and put the next one off.
        page.clock.run_for(30_000)
        page.wait_for_timeout(100)
        if warning.is_visible():
            break
    expect(warning).to_contain_text("You will be signed out in a minute")
    assert faults(page) == []

    def answer_the_press_alone(route: Route) -> None:
        # A look that is under way is still told of the last minute, and one after it hears nothing.
        if route.request.method == "POST":
            monkeypatch.undo()
            route.continue_()
        else:
            route.fulfill(status=204)

    page.route("**/agent/session", answer_the_press_alone)
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    page.clock.run_for(5_000)
    expect(warning).to_be_hidden()


def test_what_was_typed_after_the_session_ended_comes_back_and_is_sent(
    guarded: str, open_page: OpenPage, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The agent's stream of calls comes back by itself, and once the session has ended it is told 401.
    page = open_page(may_tell="status of 401")
    page.goto(f"{guarded}?lang=en")
    sign_in(page)
    page.get_by_role("button", name="Suggest for customer 2143").click()
    page.locator("#reason").fill("calls back as agreed")
    page.keyboard.press("Enter")
    offer = page.locator("#offer-1")
    offer.locator(".decline > summary").click()
    offer.get_by_label("Too expensive").check()
    offer.get_by_label("Note (optional)").fill("asks again in May, card 4111 1111 1111 1111")
    with monkeypatch.context() as ended:
        ended.setattr(sessions, "IDLE_AFTER", timedelta(0))
        offer.get_by_role("button", name="Record the refusal").click()
        expect(page.locator("#name")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("What you had typed is kept")
    sign_in(page)
    expect(page.locator("dl")).to_contain_text("asks again in May, card [card …1111]")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded: Gold card, Declined.")
    assert [one["note"] for one in desk.outcomes] == ["asks again in May, card [card …1111]"]
