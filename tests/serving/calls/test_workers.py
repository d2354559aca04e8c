"""A call over two workers of the real service: they meet in the ledger alone, and a stream hears them both."""

import json
import threading
from pathlib import Path

import httpx
import pytest

from linewise.core.home import Home
from tests.serving.homes import home_of_its_own
from tests.serving.test_service import running, settings_of

pytestmark = pytest.mark.slow

EVENTS = 16


def test_two_workers_tell_one_call_in_one_order_and_its_stream_hears_all_of_it(served_home: Home, tmp_path: Path):
    home = home_of_its_own(served_home, Home(tmp_path / "home"))
    settings = settings_of(home).model_copy(update={"workers": 2})
    heard: list[dict] = []
    with running(settings) as client:
        body = {"call_id": "call-1", "customer_id": "C00000007", "is_identity_verified": True, "agent_id": "anna"}
        assert client.post("/v1/calls", json=body).json()["phase"] == "ringing"
        is_listening = threading.Event()

        def listen() -> None:
            with client.stream("GET", "/v1/calls/call-1/stream") as stream:
                for line in stream.iter_lines():
                    if line.startswith("data: "):
                        heard.append(json.loads(line.removeprefix("data: ")))
                        is_listening.set()

        listener = threading.Thread(target=listen)
        listener.start()
        assert is_listening.wait(30)
        kinds = ["answered", *["tone"] * EVENTS, "ended"]
        for number, kind in enumerate(kinds):
            event = {"event_id": f"e{number}", "kind": kind, "source": "agent", "agent_id": "anna"}
            event |= {"tone": ("calm", "hurried")[number % 2]} if kind == "tone" else {}
            # A connection of its own each time, so that either worker may take it.
            with httpx.Client(base_url=client.base_url, timeout=30, headers=client.headers) as other:
                answer = other.post("/v1/calls/call-1/events", json=event)
                assert answer.status_code == 201, answer.text
        listener.join(30)
        assert not listener.is_alive()
        call = client.get("/v1/calls/call-1").json()
        recorded = client.get(f"/v1/decisions/{call['decision_id']}").json()
    told = [one for one in heard if "kind" in one]
    assert [one["event_number"] for one in told] == sorted({one["event_number"] for one in told})
    assert [one["kind"] for one in told if one["kind"] in kinds] == kinds
    # Each change of tone was decided anew, once, whichever worker took it.
    assert sum(one["kind"] == "decided" for one in told) >= EVENTS
    assert (call["phase"], recorded["customer_id"]) == ("ended", "C00000007")
