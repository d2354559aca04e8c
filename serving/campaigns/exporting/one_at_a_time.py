"""One export of a campaign at a time: who comes second is told so at once, and no lock outlives its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linewise.core.errors import Conflict

__all__ = ["one_at_a_time"]


@contextmanager
def one_at_a_time(folder: Path, campaign_id: str) -> Iterator[None]:
    """Hold a folder for the block; made where it is missing. Raises Conflict where another process holds it.

    The lock is the kernel's and ends with the process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                f"Another export of the campaign {campaign_id!r} is under way.",
                "One at a time was expected: two would claim the same contacts.",
                "Wait until it has ended; what it wrote is then there, and can be superseded.",
            ) from None
        yield
    finally:
        os.close(handle)
