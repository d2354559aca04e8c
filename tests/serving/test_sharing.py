"""Several workers share the connections of their clients: who has many requests at once lets some connections go."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.sharing import ENOUGH, LETS_GO_AFTER, shared_out

T = TypeVar("T")
PLAIN, STREAM = b"application/json", b"text/event-stream; charset=utf-8"


def app_of(content_type: bytes = PLAIN, gate: asyncio.Event | None = None) -> ASGIApp:
    """Answers once the gate is open; a stream says how it begins, and then waits for the gate."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type)]}
        if content_type == STREAM:
            await send(start)
        if gate is not None:
            await gate.wait()
        if content_type != STREAM:
            await send(start)
        await send({"type": "http.response.body", "body": b""})

    return app


async def closes(app: ASGIApp, path: str = "/") -> bool:
    """Whether one answer ends its connection."""
    answered: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answered.append(message)

    await app({"type": "http", "path": path}, receive, send)
    assert [one["type"] for one in answered] == ["http.response.start", "http.response.body"]
    return (b"connection", b"close") in answered[0]["headers"]


def told(asked: Coroutine[Any, Any, T]) -> T:
    """What it comes to in a loop of its own thread: another test may have left one running in this."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


async def at_once(many: int, rounds: int, worker_count: int = 2) -> int:
    """How many connections are let go of `rounds` times so many requests that are all under way together."""
    gate = asyncio.Event()
    app, found = shared_out(app_of(gate=gate), worker_count), 0
    for _ in range(rounds):
        asked = [asyncio.create_task(closes(app)) for _ in range(many)]
        await asyncio.sleep(0)
        gate.set()
        found += sum(await asyncio.gather(*asked))
        gate.clear()
    return found


@pytest.mark.parametrize("many", range(1, ENOUGH))
def test_few_requests_at_once_keep_their_connections(many: int):
    assert told(at_once(many, rounds=200)) == 0


def test_of_sixteen_at_once_some_connections_are_let_go_and_most_are_kept():
    assert 0 < told(at_once(16, rounds=10)) <= 160 * 16 // LETS_GO_AFTER


def test_the_more_wait_the_more_are_let_go():
    assert told(at_once(16, rounds=10)) > told(at_once(4, rounds=40))


def test_a_single_worker_keeps_every_connection_for_nobody_else_would_take_one():
    assert told(at_once(16, rounds=10, worker_count=1)) == 0


def test_who_follows_a_stream_does_not_count_as_waiting():
    async def asked() -> int:
        gate = asyncio.Event()
        by_path = {"/stream": app_of(STREAM, gate), "/": app_of()}

        async def either(scope: Scope, receive: Receive, send: Send) -> None:
            await by_path[scope["path"]](scope, receive, send)

        app = shared_out(either, 2)
        following = [asyncio.create_task(closes(app, "/stream")) for _ in range(16)]
        await asyncio.sleep(0)
        found = sum([await closes(app) for _ in range(100)])
        gate.set()
        return found + sum(await asyncio.gather(*following))

    assert told(asked()) == 0


def test_a_request_that_fails_is_under_way_no_more():
    async def fails(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("no")

    async def asked() -> bool:
        is_failing = True

        async def either(scope: Scope, receive: Receive, send: Send) -> None:
            await (fails if is_failing else app_of())(scope, receive, send)

        app = shared_out(either, 2)
        for _ in range(100):
            with pytest.raises(ValueError, match="no"):
                await closes(app)
        is_failing = False
        return any([await closes(app) for _ in range(100)])

    assert not told(asked())
