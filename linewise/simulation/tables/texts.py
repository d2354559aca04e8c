"""Identifiers of fixed width, written by look-up of their digits, without a Python object a row."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["CUSTOMER_DIGITS", "identifiers"]

CUSTOMER_DIGITS = 8
"""Of every number of a customer: identifiers must not depend on how many customers there are."""

# The letters of all numbers of one to four digits, read as one item a number: moving a machine word costs
# a third of moving its letters.
_ITEMS = {1: "u1", 2: "u2", 3: "V3", 4: "u4"}
_LETTERS = {
    width: np.ascontiguousarray(
        np.arange(10**width)[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10 + ord("0"), dtype=np.uint8
    )
    .view(item)
    .ravel()
    for width, item in _ITEMS.items()
}
_NONE = np.zeros(1, dtype=np.int64)
"""What is left of numbers of which all digits are written; it stands for every row."""


def identifiers(prefix: str, *parts: tuple[NDArray[Any], int]) -> pa.Array:
    """The prefix, then each number (n,) with that many digits and leading zeros.

    All have one width, so that their order is that of their numbers. A number of more digits loses the
    first ones: the caller knows the width that its numbers fit.
    """
    pieces = [piece for number, width in parts for piece in _pieces(number, width)]
    fields = [("prefix", f"S{len(prefix)}"), *((f"f{i}", _ITEMS[width]) for i, (_, width) in enumerate(pieces))]
    letters = np.empty(len(parts[0][0]), dtype=np.dtype(fields))
    letters["prefix"] = prefix.encode()
    for i, (number, width) in enumerate(pieces):
        letters[f"f{i}"] = np.take(_LETTERS[width], number)
    offsets = np.arange(len(letters) + 1, dtype=np.int32) * np.int32(letters.itemsize)
    return pa.StringArray.from_buffers(len(letters), pa.py_buffer(offsets), pa.py_buffer(letters))


def _pieces(number: NDArray[Any], width: int) -> list[tuple[NDArray[Any], int]]:
    """The digits in groups of at most four, the first ones first."""
    found: list[tuple[NDArray[Any], int]] = []
    while width > 0:
        size = min(width, 4)
        # Where all numbers are small nothing is divided: a division costs as much as writing the digits.
        is_last = not number.max(initial=0) >= 10**size
        found.insert(0, (number if is_last else number % 10**size, size))
        number, width = (_NONE if is_last else number // 10**size), width - size
    return found
