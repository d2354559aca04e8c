"""The screen of a call in a real Chromium: from the answer to its first paint, from a click to its acknowledgement."""

import shutil
from collections.abc import Iterator
from statistics import quantiles
from uuid import uuid4

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.rows import Row
from benchmarks.service.starting import Service, is_quick
from linewise.core.settings import Settings
from serving.access.local_users import LocalUsers

__all__ = ["rows"]

AGENT = "benchmark.agent"
PAINTED_SECONDS, ACKNOWLEDGED_SECONDS = 0.5, 0.1
CALLS, WARM = 40, 4
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

PAINT = """() => performance.getEntriesByType('paint').find(one => one.name === 'first-contentful-paint')?.startTime"""

CLICKED = """button => new Promise(done => {
  const began = performance.now();
  const seen = new MutationObserver(() => {
    seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  seen.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  button.click();
})"""
"""Milliseconds from a click to the first frame after the page has changed by it."""


def rows(mine: Service, settings: Settings, ids: list[str]) -> Iterator[Row]:
    """Calls one after the other, each answered by telephony and then opened, and its first mark pressed."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise SystemExit("No chromium on the PATH: install it (Debian: apt-get install chromium).")
    password = uuid4().hex
    users = LocalUsers(settings)
    if users.find(AGENT) is None:
        users.add(AGENT, ["agent"], password, ())
    else:
        users.set_password(AGENT, password)
    calls = 8 if is_quick() else CALLS
    painted, acknowledged = [], []
    with sync_playwright() as playwright, httpx.Client(base_url=mine.address, headers=dict(mine.headers)) as telephone:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        _sign_in(page, mine.address, password)
        for customer_id in ids[7::41]:
            timed = _one_call(page, telephone, mine.address, customer_id)
            if timed is not None:
                painted.append(timed[0] / 1e3)
                acknowledged.append(timed[1] / 1e3)
            if len(painted) == WARM + calls:
                break
        browser.close()
    painted, acknowledged = painted[WARM:], acknowledged[WARM:]
    yield _row("screen, from answer to first paint", painted, PAINTED_SECONDS, "opened as soon as it was answered")
    yield _row("screen, from a click to its acknowledgement", acknowledged, ACKNOWLEDGED_SECONDS, "a mark is pressed")


def _sign_in(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/agent/?lang=en")
    page.locator("input[name=name]").fill(AGENT)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.locator(".waiting").wait_for()


def _one_call(page: Page, telephone: httpx.Client, address: str, customer_id: str) -> tuple[float, float] | None:
    """Milliseconds to the first paint and to the acknowledgement; None of a customer whom two people open."""
    call_id = uuid4().hex
    body = {"call_id": call_id, "customer_id": customer_id, "agent_id": AGENT, "is_identity_verified": True}
    telephone.post("/v1/calls", json=body | {"language": "en"}).raise_for_status()
    # The page that waits for calls would follow this one by itself, and break off what is timed.
    page.goto("about:blank")
    event = {"event_id": "a", "kind": "answered", "agent_id": AGENT}
    telephone.post(f"/v1/calls/{call_id}/events", json=event).raise_for_status()
    page.goto(f"{address}/agent/calls/{call_id}")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    paint = page.evaluate(PAINT)
    if not page.locator("#line").count():
        return None
    page.locator("#line[data-state=live]").wait_for()
    click = page.locator("#first-mark").evaluate(CLICKED)
    page.locator("#first-mark[aria-pressed=true]:not([aria-disabled])").wait_for()
    ended = {"event_id": "e", "kind": "ended"}
    telephone.post(f"/v1/calls/{call_id}/events", json=ended).raise_for_status()
    return paint, click


def _row(name: str, seconds: list[float], asked: float, what: str) -> Row:
    p95 = quantiles(seconds, n=20)[-1]
    note = f"seconds, p95 of {len(seconds)} calls over HTTP, {what}; beside what was asked"
    return Row(name, round(p95, 4), asked, round(p95 / asked, 3), "<=1", p95 <= asked, note)
