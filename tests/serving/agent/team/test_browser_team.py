"""The supervisor's page in a real Chromium: both languages, both themes, at desk and dock, with axe."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from linewise.core.home import Home
from serving.access import Access
from serving.agent import agent_app
from tests.axe import faults, seen_as
from tests.serving.access.people import PASSWORD, quick_settings, with_users
from tests.serving.agent.conftest import served
from tests.serving.agent.memory_desk import MemoryDesk
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
    ("language", "period", "looks"),
    [
        ("zh-CN", "13周，按周", ((1280, "light"), (360, "dark"))),
        ("en", "13 weeks, by week", ((1280, "dark"), (360, "light"))),
    ],
)
def test_a_supervisor_reads_the_team_without_fault_or_sideways_scrolling(
    open_page: Callable[..., Page], team_site: str, language: str, period: str, looks: tuple[tuple[int, str], ...]
):
    page = open_page()
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
    for width, scheme in looks:
        seen_as(page, width, scheme)
        assert faults(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
