"""The classes of rows, numbered in the order in which they are met; compiled."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import compiled, inlined

__all__ = ["numbered_classes"]

_LARGEST = 2**62
_ROWS_AT_A_TIME = 65_536
"""Their keys lie in the cache from one column to the next."""

_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""2**64 by the golden ratio: Fibonacci hashing, Knuth, The Art of Computer Programming 3, 6.4."""

_ROOM_BITS = 12


def numbered_classes(
    parts: Sequence[tuple[NDArray[Any], int]], row_count: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The class of each row (n_rows,), and the earliest row of each class (n_classes,).

    `parts`: each column's values from 0 on, and how many it has. Rows of the same values are a class.
    """
    key, size = np.zeros(row_count, dtype=np.int64), 1
    waiting: list[tuple[NDArray[Any], int]] = []
    for values, count in parts:
        if size * count > _LARGEST:
            _add(key, waiting)
            class_of, first = _numbered(key)
            key, size, waiting = class_of.astype(np.int64), len(first), []
        waiting.append((values, count))
        size *= count
    _add(key, waiting)
    class_of, first = _numbered(key)
    return class_of, first


def _add(key: NDArray[np.int64], parts: Sequence[tuple[NDArray[Any], int]]) -> None:
    """Make the key tell rows of other values apart too."""
    for start in range(0, len(key), _ROWS_AT_A_TIME):
        block = key[start : start + _ROWS_AT_A_TIME]
        for values, count in parts:
            block *= count
            block += values[start : start + _ROWS_AT_A_TIME]


@compiled
def _numbered(key: Any) -> Any:
    bits = _ROOM_BITS
    held = np.full(1 << bits, -1, dtype=np.int32)
    first = np.empty(1 << bits, dtype=np.int64)
    class_of = np.empty(len(key), dtype=np.int32)
    count = 0
    for row in range(len(key)):
        place = _place(held, first, key, key[row], bits)
        if held[place] < 0:
            held[place] = count
            first[count] = row
            count += 1
            if 2 * count > len(held):
                bits += 2
                held = np.full(1 << bits, -1, dtype=np.int32)
                more = np.empty(1 << bits, dtype=np.int64)
                more[:count] = first[:count]
                first = more
                for other in range(count):
                    held[_place(held, first, key, key[first[other]], bits)] = other
            class_of[row] = count - 1
        else:
            class_of[row] = held[place]
    return class_of, first[:count].copy()


@inlined
def _place(held: Any, first: Any, key: Any, value: Any, bits: Any) -> Any:
    """Where the class of this key stands, or would stand."""
    place = (np.uint64(value) * _MIXER) >> np.uint64(64 - bits)
    while held[place] >= 0 and key[first[held[place]]] != value:
        place = (place + np.uint64(1)) & np.uint64(len(held) - 1)
    return place
