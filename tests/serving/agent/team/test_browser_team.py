"""The supervisor's page in a real Chromium: both languages, both themes, at desk and dock, with axe."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from linewise.core.home import Home
from serving.access import Access
from serving.agent import agent_app
from tests.serving.access.people import PASSWORD, quick_settings, with_users
from tests.serving.agent.conftest import served
from tests.serving.agent.memory_desk import MemoryDesk
from tests.serving.agent.test_browser import WCAG
from tests.serving.team.test_figures import a_past

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def team_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of pages with a supervisor and a team that had calls."""
    settings = quick_settings(Home(tmp_path_factory.mktemp("team_site")))
    with_users(settings, {"sup": ("supervisor",)})
    access = Access(settings)
    a_past(access.ledger).write()
    app = FastAPI()
    app.mount("/agent", agent_app(MemoryDesk, access))
    with served(app) as address:
        yield f"{address}/agent/"
    access.close()


@pytest.mark.parametrize(
    ("width", "scheme", "language", "period"),
    [
        (1280, "light", "zh-CN", "13周，按周"),
        (1280, "dark", "en", "13 weeks, by week"),
        (360, "dark", "zh-CN", "13周，按周"),
        (360, "light", "en", "13 weeks, by week"),
    ],
)
def test_a_supervisor_reads_the_team_without_fault_or_sideways_scrolling(
    open_page: Callable[..., Page], team_site: str, width: int, scheme: str, language: str, period: str
):
    page = open_page(width, color_scheme=scheme)
    page.goto(f"{team_site}sign-in?lang={language}")
    page.locator("#name").fill("sup")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".who a[href$='/team']").click()
    # Until the page has moved on the form is not the one of the team.
    page.locator("#period").select_option(label=period)
    page.locator(".choose button").click()
    page.wait_for_url("**period=weeks*")
    expect(page.locator(".chart .point").first).to_be_visible()
    for fold in page.locator(".figures summary").all():
        fold.click()
    expect(page.locator(".figures table").last).to_be_visible()
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
