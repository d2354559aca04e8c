"""The page in a real browser: no fault of access, nothing wider than a phone, nothing fetched."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from features.profiling.page import profile_page
from features.profiling.profiling import profile_features
from linewise.core.home import Home
from tests.axe import NO_FAULT, faults_by_theme
from tests.features.profiling.builders import A_COUNT, A_RATIO, AN_AMOUNT, JUNE, MAY, a_bank, keep

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("profile")
    home = Home(folder / "home")
    a_bank(home)
    keep(home, MAY, 100, **{AN_AMOUNT.name: [10_000_000 * n for n in range(100)]})
    keep(
        home, JUNE, 100,
        **{AN_AMOUNT.name: [10_000_000 * n for n in range(5, 105)], A_RATIO.name: [None] * 100,
           A_COUNT.name: [-1.0] * 100},
    )  # fmt: skip
    profile = profile_features(home, JUNE)
    # The parts of all features are made by one template: to look at some of every kind tells as much, in a part
    # of the time.
    special = {AN_AMOUNT.name, A_RATIO.name, A_COUNT.name}
    some = tuple(one for place, one in enumerate(profile.features) if one.name in special or place % 30 == 0)
    path = folder / "profile.html"
    path.write_text(profile_page(replace(profile, features=some)), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 420])
def test_the_page_is_open_to_everybody_in_either_theme(
    open_page: Callable[..., Page], address: str, width: int
) -> None:
    page = open_page(width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert faults_by_theme(page) == NO_FAULT
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [address]
