"""The simulated telephone: a plausible day that is the same each time, one call at a time, in a demo alone."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import Conflict
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.calls import live_calls_of
from serving.calls.desk import CallDesk
from serving.calls.telephony import Telephony, call_of_day
from serving.scoring.facts import BankFacts
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from tests.serving.doors import opened_doors
from tests.serving.homes import home_of_its_own

DAY = 1_500


@pytest.fixture(scope="module")
def demo(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("phone") / "home"))
    return open_recommender(load_settings(home=home.root, language="en", profile="demo"))


def without_calls(desk: Recommender) -> BankFacts:
    """A bank of the same customers that delivers no calls."""
    calls = desk.facts.tables["calls"]
    none = replace(calls, starts=np.zeros_like(calls.starts))
    return replace(desk.facts, tables={**desk.facts.tables, "calls": none})


def test_a_day_is_the_same_for_a_seed_and_another_for_another(demo: Recommender):
    day = [call_of_day(demo.facts, 7, number) for number in range(1, 40)]
    assert day == [call_of_day(demo.facts, 7, number) for number in range(1, 40)]
    assert day != [call_of_day(demo.facts, 8, number) for number in range(1, 40)]
    assert len({one.call_id for one in day}) == 39


@pytest.mark.parametrize("has_calls", [True, False])
def test_a_day_is_plausible_whether_or_not_the_bank_has_calls_of_its_own(demo: Recommender, has_calls: bool):
    facts = demo.facts if has_calls else without_calls(demo)
    day = [call_of_day(facts, 7, number) for number in range(DAY)]
    reasons, flags = Counter(one.reason for one in day), Counter(flag for one in day for flag in one.flags)
    assert len(reasons) >= 6
    assert max(reasons.values()) < DAY / 2
    assert {"complaint", "hardship", "third_person"} <= set(flags)
    assert sum(flags.values()) < DAY / 3
    complaints = [one for one in day if one.reason == "complaint"]
    assert np.mean([one.tone == "upset" for one in complaints]) > np.mean([one.tone == "upset" for one in day])
    assert 120 < np.mean([one.length_seconds for one in day]) < 420
    assert min(one.length_seconds for one in day) >= 30
    assert {one.customer_id for one in day} <= set(demo.customer_ids())


def test_one_call_rings_at_a_time_and_the_next_one_after_a_moment(demo: Recommender):
    desk = CallDesk(lambda: demo, "en")
    phone = Telephony(desk, demo)
    rung = phone.ring_if_idle("anna")
    assert rung is not None
    assert [one.call_id for one in live_calls_of(demo.ledger, "anna")] == [rung.call_id] == ["sim-000001"]
    assert phone.ring_if_idle("anna") is None
    with pytest.raises(Conflict, match="has a call"):
        phone.next_call("anna")
    view = desk.view(rung.call_id)
    assert (view["reason"], view["reason_confidence"]) == (rung.reason, rung.confidence)
    ended = {"event_id": "e", "kind": "ended", "agent_id": "anna"}
    with opened_doors(demo.settings, lambda: demo, language="en") as client:
        assert client.post(f"/v1/calls/{rung.call_id}/events", json=ended).status_code == 201
    assert phone.ring_if_idle("anna") is None
    assert phone.next_call("anna").call_id == "sim-000002"


def token_of(client: TestClient) -> str:
    client.get("/agent/")
    return client.cookies["linewise_form"]


def test_the_button_rings_in_a_demo_and_is_nowhere_else(demo: Recommender, client: TestClient):
    with opened_doors(demo.settings, lambda: demo, language="en") as opened:
        assert opened.post("/agent/calls/next").status_code == 403
        rung = opened.post("/agent/calls/next", data={"csrf_token": token_of(opened)})
        assert rung.json()["call_id"].startswith("sim-")
        again = opened.post("/agent/calls/next", data={"csrf_token": token_of(opened)})
        assert again.status_code == 409
    assert client.post("/agent/calls/next", data={"csrf_token": token_of(client)}).status_code == 404


def test_while_somebody_listens_the_demo_rings_by_itself(demo: Recommender, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("serving.agent.live_calls.BELL_EVERY_SECONDS", 0.05)
    monkeypatch.setattr("serving.calls.telephony.PAUSE", demo.clock.now() - demo.clock.now())
    with opened_doors(demo.settings, lambda: demo, language="en") as opened:
        live = opened.app.state.calls.live
        live.life_seconds, live.poll_seconds = 1.0, 0.02
        heard = opened.get("/agent/calls/stream")
    assert heard.headers["content-type"].startswith("text/event-stream")
    assert heard.headers["cache-control"] == "no-store"
    assert [name for name in ('"kind": "ringing"', '"phase": "ringing"') if name in heard.text]
