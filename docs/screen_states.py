"""Takes the pictures of a call's screen in its states, and of the supervisor's page.

    python docs/screen_states.py HOME [--language zh-CN] [--into docs/screens]

HOME is a demo's home (`linewise demo --home HOME`, ended with Ctrl-C), of which a copy without its record is served.
"""

import argparse
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from screenshot import keep_small, opened_browser, sign_in

from linewise.core.errors import FeaturesMissing
from linewise.core.settings import Settings, load_settings
from serving.access import Access
from serving.access.demo import let_in_demo
from serving.api import make_app
from serving.scoring.prepared import prepare_offers
from serving.scoring.recommender import Recommender
from serving.scoring.reopening import ReopeningRecommender

AGENT, SUPERVISOR = "demo.agent", "demo.supervisor"
LOOKED_AT, STALE_DAYS = 900, 20
WAY = {
    "ringing": (), "ready": ("answered", "need_resolved"), "none": ("answered", "need_resolved"),
    "suppressed": ("answered", "need_resolved", "complaint"), "hardship": ("answered", "hardship"),
    "degraded": ("answered", "need_resolved"), "stale": ("answered", "need_resolved"),
}  # fmt: skip


@contextmanager
def served(settings: Settings, recommender: ReopeningRecommender) -> Iterator[str]:
    """The app in a thread of this process."""
    access = Access(settings)
    app = make_app(recommender, access, settings.language)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    access.close()


def some_customers(desk: Recommender) -> tuple[str, str]:
    """One to whom as much as possible is put, and one to whom nothing is."""
    ids = [one for one in desk.customer_ids()[:LOOKED_AT] if not desk.is_for_two(one)]
    made = desk.decide(ids, desk.context("voice"))
    is_raised = made.limit.suggested_amt > made.limit.current_amt
    offered = (made.offers.rank >= 0).any(axis=1)
    planned = made.plans.is_shown.any(axis=1)
    everything = 4 * offered.astype(int) + 2 * is_raised + planned
    return ids[everything.argmax()], ids[(~offered & ~is_raised & ~planned).argmax()]


def told(telephone: httpx.Client, customer_id: str, language: str, way: tuple[str, ...]) -> str:
    """A call that has come to that state, by the doors; gives its id."""
    call_id = uuid4().hex
    body = {"call_id": call_id, "customer_id": customer_id, "agent_id": AGENT, "language": language}
    rung = body | {"is_identity_verified": True, "reason": "bill", "confidence": 0.86}
    telephone.post("/v1/calls", json=rung).raise_for_status()
    for step in way:
        event: dict[str, Any] = {"event_id": uuid4().hex, "source": "agent", "agent_id": AGENT}
        is_kind = step in {"answered", "need_resolved"}
        event |= {"kind": step} if is_kind else {"kind": "flagged", "flag": step}
        telephone.post(f"/v1/calls/{call_id}/events", json=event).raise_for_status()
    return call_id


def take(home: Path, language: str, into: Path) -> None:
    """All pictures; raises FileNotFoundError where no Chromium is installed."""
    into.mkdir(parents=True, exist_ok=True)
    settings = load_settings(home=home, profile="demo", language=language, hashing_cost="low")
    with opened_browser() as browser:
        desk = ReopeningRecommender(settings)()
        sold, unsold = some_customers(desk)
        prepare_offers(desk, settings.paths)
        for states, changes in (
            (("ringing", "ready", "none", "suppressed", "hardship", "supervisor", "degraded"), {}),
            (("stale",), {"now": desk.clock.now() + timedelta(days=STALE_DAYS)}),
        ):
            now = settings.model_copy(update=changes)
            recommender, let_in = ReopeningRecommender(now), let_in_demo(now)
            headers = {"authorization": f"Bearer {let_in.key}"}
            with (
                served(now, recommender) as address,
                httpx.Client(base_url=address, headers=headers, timeout=60) as telephone,
            ):
                for state in states:
                    who = SUPERVISOR if state == "supervisor" else AGENT
                    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
                    sign_in(page, f"{address}/agent", who, let_in.passwords[who], language)
                    if state == "supervisor":
                        page.goto(f"{address}/agent/team")
                    else:
                        if state == "degraded":
                            _lose_features(recommender())
                        customer_id = unsold if state == "none" else sold
                        # Away from the page that opens what rings by itself.
                        page.goto(f"{address}/agent/settings")
                        call_id = told(telephone, customer_id, language, WAY[state])
                        page.goto(f"{address}/agent/calls/{call_id}")
                        page.locator("#line[data-state=live]").wait_for()
                    keep_small(page.screenshot(full_page=True), into / f"{state}.png")
                    if state != "supervisor":
                        over = {"event_id": uuid4().hex, "kind": "ended", "source": "agent", "agent_id": AGENT}
                        telephone.post(f"/v1/calls/{call_id}/events", json=over).raise_for_status()
                    page.context.close()


def _lose_features(desk: Recommender) -> None:
    def lost() -> Any:
        raise FeaturesMissing("The online store does not answer.", "linewise features materialize")

    desk.generation = lost  # type: ignore[method-assign]


def main() -> None:
    """Read the command line and take the pictures of a copy of the home."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent / "screens")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        home = Path(shutil.copytree(given.home, Path(scratch) / "home", symlinks=True))
        for former in (home / "data").glob("ledger.db*"):
            former.unlink()
        take(home, given.language, given.into)


if __name__ == "__main__":
    main()
