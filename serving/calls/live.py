"""Live updates: who follows calls is woken when the ledger changed, whichever worker wrote; no thread waits for it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from linewise.core.errors import RecordUnreachable
from linewise.ledger.call_watching import CallWatch
from linewise.ledger.reaching import reaching
from linewise.ledger.store import Ledger

__all__ = ["Follow", "Live", "Message"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a stream; sequence: by which a reader that comes back says what it saw. is_last: no more come."""

    kind: str
    sequence: int
    data: Mapping[str, Any]
    is_last: bool = False


Follow = Callable[[int], Sequence[Message]]
"""The messages after a place; looked up in a thread that is borrowed for it."""


class Live:
    """Wakes the streams of this process: one task looks at the ledger for all of them, while there are any.

    poll_seconds: how often it looks. heartbeat_seconds: after so long without a message a stream shows that it lives.
    life_seconds: after so long it ends, and its reader comes back with what it saw last.
    """

    def __init__(self, poll_seconds: float = 0.1, heartbeat_seconds: float = 10.0, life_seconds: float = 300.0) -> None:
        self.poll_seconds, self.heartbeat_seconds, self.life_seconds = poll_seconds, heartbeat_seconds, life_seconds
        self._followers: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None

    @property
    def follower_count(self) -> int:
        """How many streams are open."""
        return len(self._followers)

    async def follow(
        self, ledger: Ledger, after: int, read: Follow, first: Message | None = None
    ) -> AsyncGenerator[Message | None, None]:
        """The messages after that place as they come, behind the first; None where a heartbeat is due.

        It ends with its life or with the last message. A reader that is slow is given what it missed once it takes
        more: nothing is kept for it meanwhile.
        """
        ends = asyncio.get_running_loop().time() + self.life_seconds
        if first is not None:
            yield first
            if first.is_last:
                return
        async with self._woken(ledger) as wake:
            while True:
                wake.clear()
                for message in await asyncio.to_thread(_read, read, after):
                    after = message.sequence
                    yield message
                    if message.is_last:
                        return
                    # More may have come than is given at once.
                    wake.set()
                left = ends - asyncio.get_running_loop().time()
                if left <= 0:
                    return
                try:
                    await asyncio.wait_for(wake.wait(), min(self.heartbeat_seconds, left))
                except TimeoutError:
                    yield None

    @asynccontextmanager
    async def _woken(self, ledger: Ledger) -> AsyncIterator[asyncio.Event]:
        wake = asyncio.Event()
        self._followers.add(wake)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(ledger))
        try:
            yield wake
        finally:
            self._followers.discard(wake)

    async def _look(self, ledger: Ledger) -> None:
        watch = CallWatch(ledger)
        try:
            while self._followers:
                if await asyncio.to_thread(_has_changed, watch):
                    for wake in self._followers:
                        wake.set()
                await asyncio.sleep(self.poll_seconds)
        finally:
            watch.close()


def _has_changed(watch: CallWatch) -> bool:
    try:
        with reaching():
            return watch.has_changed()
    except RecordUnreachable:
        # Everybody is woken, and finds out by asking.
        return True


def _read(read: Follow, after: int) -> Sequence[Message]:
    with reaching():
        return read(after)
