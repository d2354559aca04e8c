"""What axe finds wrong with a page that stands open in a browser."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["NO_FAULT", "faults", "faults_by_theme", "seen_as"]

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Every rule runs. Of those that find nothing neither the places they looked at are written out nor carried
    # out of the browser, which took longer than to look.
    "resultTypes": ["violations"],
    "selectors": False,
}

FAULTS = """options => axe.run(options).then(found => found.violations.map(
    fault => [fault.id, fault.nodes.map(node => `${node.html}: ${node.failureSummary}`)]))"""

SCRIPT = Axe().axe_script

NO_FAULT: dict[str, list[Any]] = {"light": [], "dark": []}
"""What `faults_by_theme` says of a page that has none."""


def faults_by_theme(page: Page) -> dict[str, list[tuple[str, list[str]]]]:
    """The faults in either theme of one page, which changes its colours where it stands and keeps those of the last."""
    found = {}
    for theme in NO_FAULT:
        seen_as(page, scheme=theme)
        found[theme] = faults(page)
    return found


def seen_as(page: Page, width: int = 0, scheme: str = "") -> None:
    """The page as it stands at another width, in pixels, or in another theme."""
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    if scheme:
        page.emulate_media(color_scheme=scheme)


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """Each fault of accessibility by the id of its rule, with the elements that have it and what they lack."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return [(rule, nodes) for rule, nodes in page.evaluate(FAULTS, OPTIONS)]
