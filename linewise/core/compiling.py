"""The one door to Numba: how equations are compiled, and that what was kept of them is of today's code.

Numba keeps what it compiled beside the source and compiles anew when that file has changed. What a function calls of
other files is compiled into it all the same, and so are the numbers that it takes from them: where those alone change,
as by an update, the old code would go on being used.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numba
import numpy as np
from filelock import FileLock
from numba import guvectorize, njit, vectorize
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

__all__ = ["AllThatIsCalled", "broadcast_kept", "compiled", "elementwise", "inlined", "njit"]

NUMBAS_OWN = (UserProvidedCacheLocator, InTreeCacheLocator, UserWideCacheLocator)
"""Where Numba would keep it: the first that can be written to."""


class AllThatIsCalled:
    """Says to Numba where a function is kept, and of which source: its own file and all that it calls and takes.

    One of Numba's own places with another stamp (NUMBA_CACHE_LOCATOR_CLASSES is Numba's word for what may do so).
    """

    def __init__(self, place: Any, py_func: FunctionType) -> None:
        self._place, self._py_func = place, py_func

    @classmethod
    def from_function(cls, py_func: FunctionType, py_file: str) -> "AllThatIsCalled | None":
        """The place of a function; None where none of Numba's own can be written to."""
        found = (kind.from_function(py_func, py_file) for kind in NUMBAS_OWN)
        place = next((one for one in found if one is not None), None)
        return None if place is None else cls(place, py_func)

    def get_cache_path(self) -> str:
        """The folder."""
        return str(self._place.get_cache_path())

    def ensure_cache_path(self) -> None:
        """Make the folder; raises OSError where nobody may."""
        self._place.ensure_cache_path()

    def get_disambiguator(self) -> str:
        """What tells functions of one name apart."""
        return str(self._place.get_disambiguator())

    def get_source_stamp(self) -> tuple[Any, ...]:
        """Equal as long as nothing has changed that goes into the compiled code."""
        return tuple(sorted({taken for function in _called(self._py_func) for taken in _taken(function)}))


def _called(function: FunctionType) -> Iterator[FunctionType]:
    """A function and every compiled one that it calls, and these call, each once."""
    seen, to_do = {function}, [function]
    while to_do:
        one = to_do.pop()
        yield one
        for value in _globals_of(one).values():
            other = _equation(value)
            if other is not None and other not in seen:
                seen.add(other)
                to_do.append(other)


def _taken(function: FunctionType) -> Iterator[tuple[str, str]]:
    """The file of a function, by what is in it, and the constants that it takes, by value."""
    path = Path(function.__code__.co_filename)
    yield path.name, str(InTreeCacheLocator(function, str(path)).get_source_stamp())
    for name, value in _globals_of(function).items():
        if _is_plain(value):
            yield f"{function.__qualname__}.{name}", repr(value)
        elif isinstance(value, np.ndarray):
            yield f"{function.__qualname__}.{name}", f"{value.dtype} {value.shape} {value.tobytes().hex()}"


def _globals_of(function: FunctionType) -> dict[str, Any]:
    """What a function names of its module, by the names that its code has."""
    names: set[str] = set()
    codes: list[CodeType] = [function.__code__]
    while codes:
        code = codes.pop()
        names.update(code.co_names)
        codes += [one for one in code.co_consts if isinstance(one, CodeType)]
    return {name: function.__globals__[name] for name in sorted(names) if name in function.__globals__}


def _is_plain(value: Any) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, bool | int | float | str)


def _equation(value: Any) -> FunctionType | None:
    """The Python function behind something compiled; None for anything else."""
    found = getattr(getattr(value, "_dispatcher", value), "py_func", None)
    return found if isinstance(found, FunctionType) else None


# Behind it what Numba has for functions without a file of their own, as in a notebook.
numba.config.CACHE_LOCATOR_CLASSES = f"{__name__}.{AllThatIsCalled.__qualname__},IPythonCacheLocator,ZipCacheLocator"

compiled = njit(nogil=True, cache=True)
"""A function of arrays, compiled at its first call and kept; other threads go on while it runs."""

inlined = njit(nogil=True, cache=True, inline="always")
"""The same, written out in whoever calls it."""


def broadcast_kept(types: Sequence[str], shapes: str) -> Callable[[Callable[..., None]], Any]:
    """`numba.guvectorize` that keeps what it compiled, by one process at a time.

    It keeps two files, the equation and the loop around it, and the loop calls the equation by a name that is of one
    process. Where two processes fill an empty cache at once the loop of one stays beside the equation of the other,
    and every process thereafter ends with a segmentation fault.
    """

    def kept(equation: Callable[..., None]) -> Any:
        # Windows has no ids of users, and a folder for temporary files a user.
        owner = getattr(os, "getuid", str)()
        with FileLock(Path(tempfile.gettempdir()) / f"linewise-compiling-{owner}.lock"):
            return guvectorize(types, shapes, nopython=True, cache=True)(equation)

    return kept


_HELD: list[Any] = []
"""What numba made holds the code that numpy's functions run."""


def elementwise(types: Sequence[str]) -> Callable[[Callable[..., Any]], Any]:
    """`numba.vectorize` that is kept, as the function of numpy that numba makes of it.

    Numba's own asks each argument in Python how it wants to be called, which takes longer than the numbers of a
    customer do.
    """

    def made_of(equation: Callable[..., Any]) -> Any:
        made = vectorize(types, nopython=True, cache=True)(equation)
        _HELD.append(made)
        return made.ufunc

    return made_of
