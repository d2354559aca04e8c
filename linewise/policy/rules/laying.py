"""Where the values of the columns lie that a program of rules looks at, as one run of numbers."""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.types import Floats, Ints
from linewise.policy.rules.language import Kind

__all__ = ["CODES", "Columns", "Layout"]

Columns = Mapping[str, NDArray[Any]]
"""Arrays by name: (n_rows,), (1,), or to be broadcast to (n_rows, n_places); a column that is not there is NULL."""


class _Codes(dict[Any, float]):
    """Texts as whole numbers that a float holds, the same everywhere; whatever is no text is NULL."""

    def __missing__(self, text: Any) -> float:
        code = float("nan")
        if isinstance(text, str):
            # Fifty-three bits of a hash: two texts of a bank never meet in one.
            code = float(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 11)
        elif text is not None:
            # No NaN is found again under another.
            return code
        if len(self) >= MOST_TEXTS:
            self.clear()
        self[text] = code
        return code


MOST_TEXTS = 100_000
"""So many different texts are remembered with their numbers."""

CODES = _Codes()


class Layout:
    """The columns of a program in their order; tell_kind: those that only say what kind of thing a place is."""

    def __init__(self, kinds: Mapping[str, Kind], tell_kind: Collection[str]) -> None:
        self._names = tuple(kinds)
        self._is_text = [kind == "text" for kind in kinds.values()]
        self._texts = [place for place, is_text in enumerate(self._is_text) if is_text]
        self._tell_kind = tuple(tell_kind)
        # Where the columns lie whose values are alike for all: one value each, in their order.
        self._alike = np.array([(place, 0, 0) for place in range(len(kinds))], dtype=np.int64).reshape(-1, 3)
        self._numbers: dict[int, tuple[NDArray[Any], Floats]] = {}
        self._likeness: tuple[list[NDArray[Any]], Ints] = ([], np.zeros(0, dtype=np.int64))

    def laid(self, columns: Columns) -> tuple[Floats, Ints]:
        """All values one after the other, and where each column begins and how far it goes by row and by place."""
        # What has one value for all, as everything has at a call, stands in front: NaN for what nobody supplies.
        given = [*map(columns.get, self._names)]
        varying = [(place, one) for place, one in enumerate(given) if one is not None and one.size != 1]
        for place, _ in varying:
            given[place] = None
        alike = [None if one is None else one.item() for one in given]
        for place in self._texts:
            alike[place] = CODES[alike[place]]
        parts, begins = [np.array(alike, dtype=np.float64)], len(alike)
        if not varying:
            return parts[0], self._alike
        lay = self._alike.copy()
        for place, column in varying:
            parts.append(self._values(place, column))
            lay[place] = (begins, *_goes_on(column))
            begins += column.size
        return np.concatenate(parts, dtype=np.float64, casting="unsafe"), lay

    def _values(self, place: int, column: NDArray[Any]) -> NDArray[Any]:
        """The values one after the other; texts by their codes."""
        flat = column.reshape(-1)
        is_number = not self._is_text[place] or column.dtype.kind == "f"
        # What a policy says of its candidates comes again with every decision, and is kept as numbers.
        if column.flags.writeable:
            return flat if is_number else _codes_of(flat)
        known, numbers = self._numbers.get(place, (None, flat))
        if known is not column:
            numbers = flat.astype(np.float64) if is_number else _codes_of(flat)
            if column.ndim == 2 and len(column) == 1:
                self._numbers[place] = (column, numbers)
        return numbers

    def like(self, columns: Columns, width: int) -> Ints:
        """The first place of the same kind, (n_places,), by the columns that say what kind it is.

        Where one of these differs between rows too, every place is a kind of its own.
        """
        told = [columns[name] for name in self._tell_kind if name in columns and columns[name].ndim == 2]
        known, like = self._likeness
        if len(like) != width or [*map(id, known)] != [*map(id, told)]:
            like = _first_alike(told, width)
            self._likeness = (told, like)
        return like


def _codes_of(texts: NDArray[Any]) -> Floats:
    return np.fromiter(map(CODES.__getitem__, texts.tolist()), np.float64, len(texts))


def _first_alike(told: list[NDArray[Any]], width: int) -> Ints:
    if any(len(column) > 1 for column in told):
        return np.arange(width)
    rows = [column.reshape(-1).tolist() * (width if column.shape[1] == 1 else 1) for column in told]
    first: dict[tuple[Any, ...], int] = {}
    return np.array([first.setdefault(one[1:], one[0]) for one in zip(range(width), *rows, strict=True)], np.int64)


def _goes_on(column: NDArray[Any]) -> tuple[int, int]:
    """How far a column goes on by row and by place."""
    if column.ndim == 1:
        return 1, 0
    rows, width = column.shape
    return (width if rows > 1 else 0), (1 if width > 1 else 0)
