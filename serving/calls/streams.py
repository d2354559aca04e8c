"""Server-sent events: messages as a stream of text that ends by itself, and with whoever reads it."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import anyio
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from linewise.core.errors import LinewiseError
from serving.calls.live import Message

__all__ = ["EventStream", "seen_before"]

RETRY_MS = 1_000
"""How long a browser waits before it comes back."""

GRACE_SECONDS = 5.0
"""How much longer than its life a stream may take to say that it ends: a reader that takes nothing is left."""

Messages = AsyncGenerator[Message | None, None]

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def seen_before(last_event_id: str | None) -> int | None:
    """What a reader that comes back has seen; None for one that comes anew, or whose word is no number."""
    if last_event_id is None or not (last_event_id.isascii() and last_event_id.isdigit()):
        return None
    return min(int(last_event_id[:18]), 1 << 53)


def _written(message: Message | None) -> str:
    if message is None:
        return ": alive\n\n"
    data = json.dumps(dict(message.data), ensure_ascii=False)
    return f"id: {message.sequence}\nevent: {message.kind}\ndata: {data}\n\n"


async def _text(messages: Messages, in_words: Callable[[LinewiseError], Message]) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    try:
        async for message in messages:
            yield _written(message)
    except LinewiseError as err:
        yield _written(in_words(err))


class EventStream(StreamingResponse):
    """A stream of messages; in_words: what is said where they cannot be looked up any more.

    It ends when its messages do, when its reader has gone, and soon after life_seconds although the reader takes
    nothing: then nothing of it is left.
    """

    media_type = "text/event-stream"

    def __init__(self, messages: Messages, in_words: Callable[[LinewiseError], Message], life_seconds: float) -> None:
        super().__init__(_text(messages, in_words), headers=HEADERS)
        self._messages, self._life_seconds = messages, life_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the end, the reader's going or the end of its life."""
        async with anyio.create_task_group() as tasks, aclosing(self._messages):

            async def until_gone() -> None:
                await self.listen_for_disconnect(receive)
                tasks.cancel_scope.cancel()

            tasks.start_soon(until_gone)
            with anyio.move_on_after(self._life_seconds + GRACE_SECONDS):
                await self.stream_response(send)
            tasks.cancel_scope.cancel()
