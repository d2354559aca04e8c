"""How the equations are compiled: without the interpreter's lock, dividing as numpy does."""

from collections.abc import Callable
from typing import Any

from linewise.core.compiling import njit

__all__ = ["compiled", "compiled_for", "compiled_kept"]

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
