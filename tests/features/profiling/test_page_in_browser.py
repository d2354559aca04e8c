"""The page in a real browser: no fault of access, nothing wider than a phone, nothing fetched."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from features.profiling.page import profile_page
from features.profiling.profiling import profile_features
from linewise.core.home import Home
from tests.features.profiling.builders import A_COUNT, A_RATIO, AN_AMOUNT, JUNE, MAY, a_bank, keep

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def address(home: Home, tmp_path: Path) -> str:
    a_bank(home)
    keep(home, MAY, 100, **{AN_AMOUNT.name: [10_000_000 * n for n in range(100)]})
    keep(
        home, JUNE, 100,
        **{AN_AMOUNT.name: [10_000_000 * n for n in range(5, 105)], A_RATIO.name: [None] * 100,
           A_COUNT.name: [-1.0] * 100},
    )  # fmt: skip
    profile = profile_features(home, JUNE)
    # The parts of all features are made by one template: to look at some of every kind tells as much, in a tenth
    # of the time.
    special = {AN_AMOUNT.name, A_RATIO.name, A_COUNT.name}
    some = tuple(one for place, one in enumerate(profile.features) if one.name in special or place % 12 == 0)
    path = tmp_path / "profile.html"
    path.write_text(profile_page(replace(profile, features=some)), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_the_page_is_open_to_everybody(open_page: Callable[..., Page], address: str, width: int, scheme: str) -> None:
    page = open_page(width, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [address]
