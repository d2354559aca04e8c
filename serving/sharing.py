"""Workers share the connections that are kept open: who has too many lets some go, and another worker takes them."""

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ENOUGH", "LETS_GO_AFTER", "shared_out"]

ENOUGH = 3
"""With fewer requests under way at once nobody waits long enough that another worker would be sooner."""

LETS_GO_AFTER = 64
"""Requests that stood beside one another, summed over answers, until a connection is let go: of sixteen at once each
fourth answer ends its connection, of four each sixteenth. To open one again costs a client a fraction of a decision."""

EVENT_STREAM = b"text/event-stream"


def shared_out(app: ASGIApp, worker_count: int) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The app of one of several workers that listen at one socket.

    Whichever worker wakes first takes all connections that wait, and keeps them for as long as their clients do, so
    that one may have sixteen and the other none. While several requests are under way in a worker, some of its answers
    say `Connection: close`: the client opens another connection, which the worker takes that is free to.
    """
    under_way, pressure = 0, 0

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal under_way
        if scope["type"] != "http" or worker_count < 2:
            await app(scope, receive, send)
            return
        under_way += 1
        is_counted = True

        async def answering(message: Message) -> None:
            nonlocal under_way, pressure, is_counted
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                if any(name == b"content-type" and value.startswith(EVENT_STREAM) for name, value in headers):
                    # Whoever follows a stream waits for nothing.
                    under_way, is_counted = under_way - 1, False
                elif under_way >= ENOUGH:
                    pressure += under_way
                    if pressure >= LETS_GO_AFTER:
                        pressure = 0
                        message = {**message, "headers": [*headers, (b"connection", b"close")]}
            await send(message)

        try:
            await app(scope, receive, answering)
        finally:
            under_way -= is_counted

    return served
