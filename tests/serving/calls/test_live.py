"""Streams: woken by whatever worker writes, caught up after a gap, and gone with their reader."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from fastapi.testclient import TestClient

from linewise.core.clock import BankClock
from linewise.core.errors import UnknownCall
from linewise.core.home import Home
from linewise.ledger.call_telling import ring, tell
from linewise.ledger.call_watching import CallWatch, last_sequence
from linewise.ledger.calls import PhoneCall, Told
from linewise.ledger.store import Ledger, open_ledger
from serving.calls.following import agents_calls, begin_agent, begin_call, one_call
from serving.calls.live import Live, Message
from serving.calls.streams import EventStream, seen_before
from tests.serving.calls.lines import Line

T = TypeVar("T")

QUICK = {"poll_seconds": 0.01, "heartbeat_seconds": 0.2, "life_seconds": 5.0}


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return open_ledger(home)


def in_a_loop_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to, in a thread: that of the test may have the loop of a browser that is open for others."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def begun(ledger: Ledger, call_id: str = "call-1", agent_id: str = "anna") -> None:
    now = BankClock().now()
    with ledger.writing() as connection:
        ring(connection, PhoneCall(call_id, "C1", rang_at=now, recorded_at=now, agent_id=agent_id), now)


def told(ledger: Ledger, kind: str, call_id: str = "call-1", agent_id: str = "", **details: Any) -> None:
    now = BankClock().now()
    event = Told(f"{call_id}-{kind}-{agent_id}", kind, "telephony", now, now, agent_id, details)
    with ledger.writing() as connection:
        tell(connection, call_id, event, now)


def test_a_watch_sees_what_another_process_wrote_and_nothing_else(ledger: Ledger, home: Home):
    watch, elsewhere = CallWatch(ledger), open_ledger(home)
    assert [watch.has_changed(), watch.has_changed()] == [True, False]
    begun(elsewhere)
    assert [watch.has_changed(), watch.has_changed()] == [True, False]
    watch.close()


def test_a_stream_tells_each_event_once_whoever_wrote_it_and_ends_with_the_call(ledger: Ledger, home: Home):
    begun(ledger)
    elsewhere = open_ledger(home)

    async def followed() -> list[Message]:
        live, found = Live(**QUICK), []
        first = begin_call(ledger, "call-1")
        kinds = iter(["answered", "verification_lowered", "ended"])
        async for message in live.follow(ledger, first.sequence, one_call(ledger, "call-1"), first):
            if message is not None:
                found.append(message)
                if not message.is_last:
                    await asyncio.to_thread(told, elsewhere, next(kinds), agent_id="anna")
        assert live.follower_count == 0
        return found

    messages = in_a_loop_of_its_own(followed())
    assert [one.data.get("kind", one.data.get("phase")) for one in messages] == [
        "ringing", "answered", "verification_lowered", "ended",
    ]  # fmt: skip
    assert [one.sequence for one in messages] == sorted({one.sequence for one in messages})


def test_whoever_comes_back_gets_what_was_missed_however_much(ledger: Ledger):
    begun(ledger)
    now = BankClock().now()
    with ledger.writing() as connection:
        for number in range(250):
            event = Told(f"e{number}", "tone", "telephony", now, now, details={"tone": "calm"})
            tell(connection, "call-1", event, now)
    told(ledger, "ended")

    async def caught_up() -> list[int]:
        live = Live(**QUICK)
        messages = live.follow(ledger, 1, one_call(ledger, "call-1"))
        return [one.data["event_number"] async for one in messages if one is not None]

    assert in_a_loop_of_its_own(caught_up()) == list(range(2, 253))


def test_a_stream_shows_that_it_lives_and_ends_by_itself(ledger: Ledger):
    begun(ledger)

    async def idle() -> tuple[int, int]:
        live = Live(poll_seconds=0.01, heartbeat_seconds=0.02, life_seconds=1.0)
        beats = [one async for one in live.follow(ledger, last_sequence(ledger), one_call(ledger, "call-1"))]
        return beats.count(None), live.follower_count

    beats, followers = in_a_loop_of_its_own(idle())
    assert (beats > 0, followers) == (True, 0)


def test_an_agent_follows_the_calls_that_are_theirs_and_not_those_handed_over(ledger: Ledger):
    begun(ledger)
    begun(ledger, "call-2", agent_id="bert")
    told(ledger, "answered", agent_id="anna")
    kinds = [one.data["kind"] for one in agents_calls(ledger, "anna")(0)]
    assert kinds == ["ringing", "answered"]
    told(ledger, "transferred", agent_id="bert")
    told(ledger, "verification_lowered")
    assert [one.data["kind"] for one in agents_calls(ledger, "anna")(0)][-1] == "transferred"
    assert [one["call_id"] for one in begin_agent(ledger, "bert", 0).data["calls"]] == ["call-2", "call-1"]
    assert begin_agent(ledger, "anna", 0).data["calls"] == []


@pytest.mark.parametrize(
    ("given", "seen"), [(None, None), ("", None), ("abc", None), ("-1", None), ("٣", None), ("17", 17)]
)
def test_what_a_reader_says_it_has_seen_is_a_number_or_nothing(given: str | None, seen: int | None):
    assert seen_before(given) == seen
    assert seen_before("9" * 400) == 1 << 53


class Reader:
    """A browser at the other end: it takes messages until it has had enough, and may be slow or gone."""

    def __init__(self, takes: int, *, goes: bool) -> None:
        self.takes, self.goes, self.taken = takes, goes, b""
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.taken += message.get("body", b"")
        self.takes -= 1
        if self.takes <= 0:
            if self.goes:
                self.gone.set()
            await asyncio.sleep(3600)


@pytest.mark.parametrize("goes", [True, False])
def test_a_vanished_or_a_stuck_reader_holds_nothing(ledger: Ledger, goes: bool, monkeypatch: pytest.MonkeyPatch):
    begun(ledger)
    monkeypatch.setattr("serving.calls.streams.GRACE_SECONDS", 0.1)

    async def served() -> tuple[int, bytes]:
        live, reader = Live(poll_seconds=0.01, heartbeat_seconds=0.05, life_seconds=0.3), Reader(3, goes=goes)
        first = begin_call(ledger, "call-1")
        messages = live.follow(ledger, first.sequence, one_call(ledger, "call-1"), first)
        stream = EventStream(messages, lambda _err: first, live.life_seconds)
        await asyncio.wait_for(stream({"type": "http"}, reader.receive, reader.send), 5)
        return live.follower_count, reader.taken

    followers, taken = in_a_loop_of_its_own(served())
    assert followers == 0
    assert b"event: state" in taken


def test_the_door_streams_an_ended_call_whole_and_has_no_more_for_who_saw_it(client: TestClient, line: Line):
    line.told("answered")
    line.told("ended")
    path = f"/v1/calls/{line.call_id}/stream"
    whole = client.get(path)
    assert whole.headers["content-type"].startswith("text/event-stream")
    state = next(text for text in whole.text.split("\n") if text.startswith("data: "))
    assert json.loads(state.removeprefix("data: "))["phase"] == "ended"
    seen = next(text for text in whole.text.split("\n") if text.startswith("id: ")).removeprefix("id: ")
    assert client.get(path, headers={"Last-Event-ID": seen}).status_code == 204
    missed = client.get(path, headers={"Last-Event-ID": "0"}).text
    assert [text for text in missed.split("\n") if '"kind": "answered"' in text]


def test_a_call_that_never_rang_has_no_stream(client: TestClient, ledger: Ledger):
    assert client.get("/v1/calls/none/stream").status_code == 404
    with pytest.raises(UnknownCall):
        begin_call(ledger, "none")
