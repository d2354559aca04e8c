"""A registry that another process holds: waited for, and told in words where it is held too long."""

import time
from collections.abc import Callable
from typing import Any

from linewise.core.errors import RegistryLocked

__all__ = ["PATIENCE_SECONDS", "Patient"]

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.2
LOCKED = "database is locked"


class Patient:
    """A client whose every call is tried again while the store is locked, for PATIENCE_SECONDS.

    A call that found the store locked has changed nothing in it, so it may be made again. Then RegistryLocked.
    """

    def __init__(self, client: Any, where: str, seconds: float = PATIENCE_SECONDS) -> None:
        self._client, self._where, self._seconds = client, where, seconds

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return self._patiently(found) if callable(found) else found

    def _patiently(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **given: Any) -> Any:
            begun = time.monotonic()
            while True:
                try:
                    return call(*args, **given)
                except Exception as err:
                    if LOCKED not in str(err):
                        raise
                    if time.monotonic() - begun > self._seconds:
                        raise RegistryLocked(self._where) from err
                time.sleep(PAUSE_SECONDS)

        return called
