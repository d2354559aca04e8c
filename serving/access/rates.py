"""How often: a bucket for each session, key and address that fills by itself and is emptied by requests.

Each worker has its own buckets, of a size that is the whole divided by the workers: sharing them through the ledger
would cost every request a durable write, and a limit that protects the service may be out by the unevenness of its
workers. What must be exact, failed sign-ins, is counted in the ledger (`linewise.ledger.sign_ins`).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from linewise.core.errors import TooManyRequests

__all__ = ["Rate"]

MOST_BUCKETS = 10_000


class Rate:
    """A token bucket (RFC 2697's form) by name: `per_minute` in the long run, as many at once. Safe for threads."""

    def __init__(self, per_minute: int, workers: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = max(1.0, per_minute / workers)
        self._per_second = self._size / 60
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Take one; raises TooManyRequests, with the seconds after which there is one again."""
        now = self._clock()
        with self._lock:
            left, at = self._buckets.pop(name, (self._size, now))
            left = min(self._size, left + (now - at) * self._per_second)
            is_let_through = left >= 1
            self._buckets[name] = (left - 1 if is_let_through else left, now)
            if len(self._buckets) > MOST_BUCKETS:
                # The one that asked longest ago has filled up most.
                self._buckets.popitem(last=False)
        if not is_let_through:
            raise TooManyRequests(
                "That is more than is let through in a minute.", math.ceil((1 - left) / self._per_second)
            )
