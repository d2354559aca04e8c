"""How the equations are compiled: without the interpreter's lock, dividing as numpy does."""

from collections.abc import Callable
from typing import Any

from numba import njit

__all__ = ["compiled", "compiled_for"]

compiled: Any = njit(nogil=True, error_model="numpy")
"""Kept on disk by nobody but the outermost loop (living.py): what is called is compiled into it."""


def compiled_for(result: Any, *arguments: Any) -> Callable[[Any], Any]:
    """Compile for these types alone, and keep it on disk.

    Numba compiles a function anew for every constant that it is called with; a throw of the dice is called
    with hundreds. Only for functions that call none of another file, which would be kept when that changes.
    """
    made: Callable[[Any], Any] = njit(result(*arguments), **_KEPT)
    return made


_KEPT = {"nogil": True, "error_model": "numpy", "cache": True}
