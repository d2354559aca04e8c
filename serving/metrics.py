"""What Prometheus reads of the service: how long answers take, and how they ended."""

import time
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from bentoml.metrics import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["measured"]

STREAM_TYPE = b"text/event-stream; charset=utf-8"

BUCKETS_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 2.0)


@cache
def _answer_seconds() -> Any:
    # Made at the first request and not at import: a series made before the workers fork is lost.
    return Histogram(
        name="linewise_answer_seconds",
        documentation="seconds from request to answer, by door and status",
        labelnames=["door", "status"],
        buckets=BUCKETS_SECONDS,
    )


def _door(path: str) -> str:
    """The first two parts of the path: ids must not become series."""
    return "/" + "/".join(path.strip("/").split("/")[:2])


def measured(app: ASGIApp) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The app, each of its answers timed."""

    async def timed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, statuses, is_stream = time.perf_counter(), [500], [False]

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses[0] = message["status"]
                # A stream lasts as long as somebody follows it: how long says nothing of how fast it was.
                is_stream[0] = (b"content-type", STREAM_TYPE) in message.get("headers", ())
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - began
            if not is_stream[0]:
                _answer_seconds().labels(door=_door(scope["path"]), status=str(statuses[0])).observe(seconds)

    return timed
