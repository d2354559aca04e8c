"""Axe in a real Chromium finds what is planted: a look that finds nothing would keep every page green."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.axe import NO_FAULT, faults, faults_by_theme, seen_as

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><meta name="color-scheme" content="light dark">
<style>
p { color: #000; background: #fff }
@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }
@media (max-width: 500px) { img { display: block } }
</style></head><body><main><h1>A page</h1>%s</main></body></html>"""


def test_a_fault_of_one_theme_is_found_in_that_theme_alone(open_page: Callable[..., Page]):
    page = open_page()
    page.set_content(PAGE % "<p>Hard to read in the dark</p>")
    found = faults_by_theme(page)
    assert found["light"] == []
    assert [rule for rule, _ in found["dark"]] == ["color-contrast"]
    assert "Hard to read in the dark" in found["dark"][0][1][0]


def test_a_fault_of_one_width_is_found_at_that_width_and_each_fault_by_its_element(open_page: Callable[..., Page]):
    page = open_page()
    page.set_content(PAGE % '<img hidden src="data:," class="a"><img hidden src="data:," class="b">')
    assert faults_by_theme(page) == NO_FAULT
    seen_as(page, width=360)
    (rule, nodes), *others = faults(page)
    assert (rule, others) == ("image-alt", [])
    assert ['class="a"' in nodes[0], 'class="b"' in nodes[1]] == [True, True]
