"""Compiled equations that are kept on disk, where several processes start on an empty cache at once."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock
from numba import guvectorize

__all__ = ["broadcast_kept"]


def broadcast_kept(types: Sequence[str], shapes: str) -> Callable[[Callable[..., None]], Any]:
    """`numba.guvectorize` that keeps what it compiled, by one process at a time.

    It keeps two files, the equation and the loop around it, and the loop calls the equation by a name that is of one
    process. Where two processes fill an empty cache at once the loop of one stays beside the equation of the other,
    and every process thereafter ends with a segmentation fault.
    """

    def compiled(equation: Callable[..., None]) -> Any:
        # Windows has no ids of users, and a folder for temporary files a user.
        owner = getattr(os, "getuid", str)()
        with FileLock(Path(tempfile.gettempdir()) / f"linewise-compiling-{owner}.lock"):
            return guvectorize(types, shapes, nopython=True, cache=True)(equation)

    return compiled
