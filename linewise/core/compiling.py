"""Compiled equations that are kept on disk, also where several processes start on an empty cache at once."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock
from numba import guvectorize, vectorize

__all__ = ["broadcast_kept", "elementwise"]


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


_HELD: list[Any] = []
"""What numba made holds the code that numpy's functions run."""


def elementwise(types: Sequence[str]) -> Callable[[Callable[..., Any]], Any]:
    """`numba.vectorize` that is kept, as the function of numpy that numba makes of it.

    Numba's own asks each argument in Python how it wants to be called, which takes longer than the numbers of a
    customer do.
    """

    def compiled(equation: Callable[..., Any]) -> Any:
        made = vectorize(types, nopython=True, cache=True)(equation)
        _HELD.append(made)
        return made.ufunc

    return compiled
