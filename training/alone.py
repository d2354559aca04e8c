"""One training at a time in a home: the second waits, and what a killed one left is put right."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from linewise.core.errors import Conflict
from linewise.core.home import Home

__all__ = ["LOCK_NAME", "alone"]

LOCK_NAME = "training.lock"
PAUSE_SECONDS = 0.2


@contextmanager
def alone(home: Home, wait_seconds: float, tell: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Hold the home's training for the block; `tell` is told once of whom is waited for.

    The lock is the kernel's and ends with the process, however that ends. Raises Conflict where another training
    still runs after `wait_seconds`; nothing was touched then.
    """
    path = home.data_dir / LOCK_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        _take(path, file.fileno(), wait_seconds, tell)
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield


def _take(path: Path, handle: int, wait_seconds: float, tell: Callable[[str], None]) -> None:
    begun, is_told = time.monotonic(), False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = path.read_text(encoding="utf-8") or "another process"
        else:
            return
        if time.monotonic() - begun >= wait_seconds:
            raise Conflict(
                f"Another training runs in this home: {who}.",
                "One at a time was expected; the champions and the registry are as they were.",
                "Let it end, or wait longer with: linewise model train --wait MINUTES",
            )
        if not is_told:
            tell(f"Another training runs in this home: {who}. This one begins when it has ended.")
            is_told = True
        time.sleep(PAUSE_SECONDS)
