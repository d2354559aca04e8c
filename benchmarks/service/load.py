"""`python -m benchmarks.service.load`: load from a process of its own; asked on stdin, told on stdout, as JSON.

A closed loop asks again as soon as it was answered: so many connections, the highest load. An open loop asks at
moments of a Poisson process whatever became of earlier requests, and times each from the moment it was meant to begin.
"""

import asyncio
import gc
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import uvloop

from benchmarks.service.connection import Connection, prepared

__all__ = ["Asking", "Loaded"]

MOST_CONNECTIONS = 512
"""More are not opened by an open loop; who comes then waits, which counts."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a load asks: bodies one after the other at one door, for so long; rate: a second, of an open loop."""

    host: str
    port: int
    path: str
    bodies: list[str]
    headers: dict[str, str]
    seconds: float
    connections: int = 1
    rate: float = 0.0
    most: int = 1 << 62
    seed: int = 8


@dataclass(frozen=True, slots=True)
class Loaded:
    """Seconds from asking to the whole answer, as they came; how long all took; statuses that are no success."""

    latencies: list[float]
    seconds: float
    failures: dict[str, int]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class _Asker:
    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.requests = [prepared(asking.host, asking.path, body.encode(), asking.headers) for body in asking.bodies]
        self.latencies: list[float] = []
        self.failures: dict[str, int] = {}
        self.count = 0

    def next_request(self) -> bytes:
        request = self.requests[self.count % len(self.requests)]
        self.count += 1
        return request

    async def ask(self, connection: Connection, request: bytes, since: float) -> None:
        status, _ = await connection.ask(request)
        self.latencies.append(time.perf_counter() - since)
        if status >= 300:
            self.failures[str(status)] = self.failures.get(str(status), 0) + 1

    async def closed_loop(self) -> None:
        until = time.perf_counter() + self.asking.seconds

        async def one() -> None:
            connection = await Connection.opened(self.asking.host, self.asking.port)
            while (now := time.perf_counter()) < until and self.count < self.asking.most:
                await self.ask(connection, self.next_request(), now)
            connection.close()

        await asyncio.gather(*(one() for _ in range(self.asking.connections)))

    async def open_loop(self) -> None:
        asking, dice = self.asking, random.Random(self.asking.seed)
        free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        opened, going = 0, set()

        async def one(due: float) -> None:
            nonlocal opened
            if free.empty() and opened < MOST_CONNECTIONS:
                opened += 1
                connection = await Connection.opened(asking.host, asking.port)
            else:
                connection = await free.get()
            await self.ask(connection, self.next_request(), due)
            free.put_nowait(connection)

        due = time.perf_counter()
        until = due + asking.seconds
        while (due := due + dice.expovariate(asking.rate)) < until:
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(one(due))
            going.add(task)
            task.add_done_callback(going.discard)
        await asyncio.gather(*going)

    async def run(self) -> Loaded:
        began = time.perf_counter()
        await (self.open_loop() if self.asking.rate else self.closed_loop())
        return Loaded(self.latencies, time.perf_counter() - began, self.failures)


def main(asked: dict[str, Any]) -> None:
    """Ask, and print what came of it."""
    # A collection of the client's own would be counted as the service's.
    gc.disable()
    # In pieces: where PYTHONUNBUFFERED is set, what is longer than a pipe takes at once would be cut.
    json.dump(asdict(uvloop.run(_Asker(Asking(**asked)).run())), sys.stdout)


if __name__ == "__main__":
    main(json.load(sys.stdin))
