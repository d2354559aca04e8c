"""The customer's page in a real Chromium on a telephone: read, agreed to or refused, with and without a script."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from linewise.ledger.outcomes import outcomes_of
from serving.access import Access
from serving.own_act import own_act_app
from tests.axe import faults
from tests.serving.agent.conftest import served
from tests.serving.own_act.phone_sale import MakeSale, Sale

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
Site = Callable[..., tuple[str, Sale]]

PHONE = {"width": 360}
WORDS = {
    "zh-CN": {
        "waits": "秒后可以同意",
        "open": "现在可以同意。",
        "read": "我已阅读以上全部费用和条款。",
        "agree": "我同意",
        "agreed": "您已同意。",
        "no": "不，我不办理",
        "why": "费用太高",
        "say_no": "确认不办理",
        "refused": "您已拒绝。",
    },
    "en": {
        "waits": "you can agree in",
        "open": "You can agree now.",
        "read": "I have read all costs and terms above.",
        "agree": "I agree",
        "agreed": "You have agreed.",
        "no": "No, I do not want this",
        "why": "It costs too much",
        "say_no": "Say no",
        "refused": "You said no.",
    },
}


@pytest.fixture
def site(make_sale: MakeSale) -> Iterator[Site]:
    """Serves the page of a sale, and gives the address of its link."""
    opened = []

    def begun(action_id: str = "PLAN-3") -> tuple[str, Sale]:
        sale = make_sale().yes(action_id)
        access, app = Access(sale.settings), FastAPI()
        app.mount("/own", own_act_app(lambda: sale, access))
        serving = served(app)
        opened.append((access, serving))
        return f"{serving.__enter__()}/own/{sale.token}", sale

    yield begun
    for access, serving in opened:
        serving.__exit__(None, None, None)
        access.close()


def is_sound(page: Page, state: str) -> None:
    assert faults(page) == [], state
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, state


def told(sale: Sale) -> list[tuple[str, str]]:
    kept = [(str(one["outcome"]), str(one["reason_code"])) for one in outcomes_of(sale.ledger, sale.decision_id)]
    return kept[3:]


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_a_customer_reads_agrees_once_and_finds_it_so_by_the_back_button(
    open_page: OpenPage, site: Site, language: str, scheme: str
):
    said, (address, sale) = WORDS[language], site()
    page = open_page(**PHONE, color_scheme=scheme)
    page.clock.install()
    page.goto(f"{address}?lang={language}")
    expect(page.locator("#reading")).to_contain_text(said["waits"])
    page.get_by_label(said["read"]).check()
    page.get_by_role("button", name=said["agree"]).click(force=True)
    expect(page.locator("#reading")).to_contain_text(said["waits"])
    assert told(sale) == []
    page.locator("details.schedule summary").click()
    is_sound(page, "waits")
    sale.walls.on(minutes=3)
    page.clock.fast_forward(180_000)
    expect(page.locator("#reading")).to_have_text(said["open"])
    is_sound(page, "open")
    page.get_by_role("button", name=said["agree"]).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["agreed"])
    is_sound(page, "agreed")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["agreed"])
    assert told(sale) == [("ordered", "")]


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "dark"), ("en", "light")])
def test_without_a_script_the_service_says_the_same_and_a_no_is_taken_at_once(
    open_page: OpenPage, site: Site, language: str, scheme: str
):
    said, (address, sale) = WORDS[language], site("LIMIT")
    page = open_page(**PHONE, color_scheme=scheme, java_script_enabled=False, may_tell="422")
    page.goto(f"{address}?lang={language}")
    page.get_by_label(said["read"]).check()
    page.get_by_role("button", name=said["agree"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(said["read"])).to_be_checked()
    page.locator("summary", has_text=said["no"]).click()
    page.get_by_label(said["why"]).check()
    page.get_by_role("button", name=said["say_no"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["refused"])
    assert told(sale) == [("declined", "price")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_less_of_a_raise_is_chosen_and_agreed_to_without_a_script(open_page: OpenPage, site: Site, scheme: str):
    address, sale = site("LIMIT")
    page = open_page(**PHONE, color_scheme=scheme, java_script_enabled=False)
    page.goto(f"{address}?lang=en")
    page.get_by_label("You may take less: the new limit").select_option("2400000")
    page.get_by_role("button", name="Show this amount").click()
    expect(page.locator(".costs .sum")).to_contain_text("24,000.00")
    expect(page.get_by_label("You may take less: the new limit")).to_have_value("2400000")
    sale.walls.on(seconds=120)
    page.get_by_label(WORDS["en"]["read"]).check()
    page.get_by_role("button", name=WORDS["en"]["agree"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"]["agreed"])
    expect(page.locator(".costs .sum")).to_contain_text("24,000.00")


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_choice_has_no_accessibility_fault(open_page: OpenPage, site: Site, language: str, scheme: str):
    page = open_page(**PHONE, color_scheme=scheme)
    page.goto(f"{site('LIMIT')[0]}?lang={language}&amount=2400000")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
