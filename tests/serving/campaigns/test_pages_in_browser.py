"""The pages of a campaign in a real browser: no fault of access, nothing wider than a phone, nothing fetched."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from serving.campaigns.plan import page as plan_page
from serving.campaigns.reporting import lift_page
from serving.campaigns.reporting.lift_report import lift_report
from tests.axe import faults
from tests.serving.campaigns.plans import list_of, plan_in
from tests.serving.campaigns.reporting.test_lift_report import NOW, followed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of the page of a plan, and of a lift report whose arms are not as they were drawn."""
    folder: Path = tmp_path_factory.mktemp("pages")
    plan = plan_in(folder / "home", list_of(3_000))
    report = lift_report(plan, followed(treated=940, control=60), NOW, 1)
    found = {"plan": plan_page.page(plan), "lift": lift_page.page(report)}
    for name, html in found.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in found}


@pytest.mark.parametrize("name", ["plan", "lift"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_page_is_open_to_everybody(
    open_page: Callable[..., Page], pages: dict[str, str], name: str, width: int, scheme: str
):
    page = open_page(width, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name])
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [pages[name]]
    assert page.locator("figure svg[role=img]").count() == 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_arms_that_are_not_as_drawn_are_told_first_and_in_red(
    open_page: Callable[..., Page], pages: dict[str, str], scheme: str
):
    page = open_page(color_scheme=scheme)
    page.goto(pages["lift"])
    warning = page.get_by_role("alert").first
    assert "not as they were drawn" in warning.inner_text()
    red, green, blue = map(int, re.findall(r"\d+", warning.evaluate("one => getComputedStyle(one).color"))[:3])
    assert red > 1.3 * max(green, blue)
    assert warning.bounding_box()["y"] < page.locator("h2").first.bounding_box()["y"]
