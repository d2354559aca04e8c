"""How the equations are compiled: without the interpreter's lock, dividing as numpy does."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock
from numba import typeof

from linewise.core.compiling import njit

__all__ = ["compiled", "compiled_by_one", "compiled_for", "compiled_kept"]

# What is handed from function to function are records, which are passed by their place: a tuple of arrays would be
# copied, and its references counted, at every call, which took more than half of the time.
_HOW = {"nogil": True, "error_model": "numpy"}

compiled: Any = njit(**_HOW)
"""Kept on disk by nobody but the outermost loop (living.py): what is called is compiled into it."""

compiled_kept: Any = njit(cache=True, **_HOW)
"""For the outermost loop, which is kept on disk for the next process."""


def compiled_for(result: Any, *arguments: Any) -> Callable[[Any], Any]:
    """Compile for these types alone, and keep it on disk.

    Numba compiles a function anew for every constant that it is called with; a throw of the dice is called
    with hundreds.
    """
    made: Callable[[Any], Any] = njit(result(*arguments), cache=True, **_HOW)
    return made


def compiled_by_one(kept: Any, arguments: Sequence[object]) -> Any:
    """The outermost loop, ready to be called with arguments like these.

    It takes half a minute to compile: of several processes that begin on an empty cache one compiles, and the others
    wait and find what it kept.
    """
    if not kept.signatures:
        # Windows has no ids of users, and a folder for temporary files a user.
        owner = getattr(os, "getuid", str)()
        with FileLock(Path(tempfile.gettempdir()) / f"linewise-compiling-{kept.__name__}-{owner}.lock"):
            kept.compile(tuple(map(typeof, arguments)))
    return kept
