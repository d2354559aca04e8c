"""Where the values of the columns lie that a program of rules looks at, as runs of numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.described import Columns
from linewise.decisioning.types import Floats, Ints
from linewise.policy.rules.codes import CODES, codes_of
from linewise.policy.rules.kernel import Given
from linewise.policy.rules.language import Kind
from linewise.policy.rules.sheet import Sheet

__all__ = ["Beside", "Layout"]

OF_CUSTOMERS, OWN = 0, 1
"""In which of the two runs of `Given` a column lies."""

NOTHING = np.empty(0)
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Beside:
    """What is there beside the columns of a decision's own, which go before it.

    sheet: of the customers; fixed: of candidates whoever the customer is, the same object at every decision, for
    what is not on the sheet.
    """

    sheet: Sheet
    fixed: Columns


@dataclass(frozen=True, slots=True)
class _Base:
    """Where everything lies of one `Beside`, and the values of what is fixed, a NaN for what nobody tells in front."""

    beside: tuple[Mapping[str, int], Columns]
    lay: Ints
    fixed: Floats


class Layout:
    """The columns of a program in their order; tell_kind: those that only say what kind of thing a place is."""

    def __init__(self, kinds: Mapping[str, Kind], tell_kind: Collection[str]) -> None:
        self._place_of = {name: place for place, name in enumerate(kinds)}
        self._is_text = [kind == "text" for kind in kinds.values()]
        self._texts = [place for place, is_text in enumerate(self._is_text) if is_text]
        self._tell_kind = tuple(tell_kind)
        # Where the columns lie whose values are alike for all: one value each, in their order.
        self._alike = np.array([(place, 0, 0, OWN) for place in range(len(kinds))], dtype=np.int64).reshape(-1, 4)
        self._likeness: tuple[list[NDArray[Any]], Ints] = ([], np.zeros(0, dtype=np.int64))
        self._bases: dict[tuple[int, int, int], _Base] = {}

    def given(self, columns: Columns, places: int, beside: Beside | None = None) -> Given:
        """The values one after the other, and where each column begins and how far it goes on by row and by place.

        columns: (n_rows,), (1,), or to be broadcast to (n_rows, n_places); one that is not there is NULL.
        """
        if beside is None:
            return Given(NOTHING, *self._laid(columns), self._like(columns, places))
        return Given(beside.sheet.values, *self._added(columns, beside), self._like(columns, places, beside))

    def _laid(self, columns: Columns) -> tuple[Floats, Ints]:
        # What has one value for all, as everything has at a call, stands in front: NaN for what nobody supplies.
        given = [*map(columns.get, self._place_of)]
        varying = [(place, one) for place, one in enumerate(given) if one is not None and one.size != 1]
        for place, _ in varying:
            given[place] = None
        alike = [None if one is None else one.item() for one in given]
        for place in self._texts:
            alike[place] = CODES[alike[place]]
        front = np.array(alike, dtype=np.float64)
        return self._behind(front, self._alike, varying) if varying else (front, self._alike)

    def _added(self, columns: Columns, beside: Beside) -> tuple[Floats, Ints]:
        base, own = self._base(beside), [(self._place_of.get(name), one) for name, one in columns.items()]
        return self._behind(base.fixed, base.lay, [(place, one) for place, one in own if place is not None])

    def _behind(self, front: Floats, lay: Ints, columns: list[tuple[int, NDArray[Any]]]) -> tuple[Floats, Ints]:
        """The values of columns, by their places, behind those that stand in front."""
        parts, begins, lay = [front], len(front), lay.copy()
        for place, column in columns:
            parts.append(self._values(place, column))
            lay[place] = (begins, *_goes_on(column), OWN)
            begins += column.size
        return np.concatenate(parts, dtype=np.float64, casting="unsafe"), lay

    def _values(self, place: int, column: NDArray[Any]) -> NDArray[Any]:
        """The values one after the other; texts by their codes."""
        flat = column.reshape(-1)
        return flat if not self._is_text[place] or column.dtype.kind == "f" else codes_of(flat)

    def _base(self, beside: Beside) -> _Base:
        of_customers, fixed, count = beside.sheet.place_of, beside.fixed, beside.sheet.count
        key = (id(of_customers), id(fixed), count)
        # What is kept holds the two, so that no other object comes to have their ids.
        base = self._bases.get(key)
        if base is None:
            lay = np.zeros_like(self._alike)
            lay[:, 3] = OWN
            known = [(place, of_customers[name]) for name, place in self._place_of.items() if name in of_customers]
            for place, at in known:
                lay[place] = (at * count, 1, 0, OF_CUSTOMERS)
            told = [(self._place_of[name], one) for name, one in fixed.items() if name in self._place_of]
            behind = [(place, one) for place, one in told if lay[place, 3] == OWN]
            values, lay = self._behind(np.array([np.nan]), lay, behind)
            if len(self._bases) >= MOST_KEPT:
                self._bases.clear()
            base = self._bases[key] = _Base((of_customers, fixed), lay, values)
        return base

    def _like(self, columns: Columns, width: int, beside: Beside | None = None) -> Ints:
        """The first place of the same kind, (n_places,), by the columns that say what kind it is.

        Where one of these differs between rows too, every place is a kind of its own.
        """
        told = []
        for name in self._tell_kind:
            column = columns.get(name)
            if column is None and beside is not None and name not in beside.sheet.place_of:
                column = beside.fixed.get(name)
            if column is not None and column.ndim == 2:
                told.append(column)
        known, like = self._likeness
        if len(like) != width or [*map(id, known)] != [*map(id, told)]:
            like = _first_alike(told, width)
            self._likeness = (told, like)
        return like


def _first_alike(told: list[NDArray[Any]], width: int) -> Ints:
    if any(len(column) > 1 for column in told):
        return np.arange(width)
    rows = [column.reshape(-1).tolist() * (width if column.shape[1] == 1 else 1) for column in told]
    first: dict[tuple[Any, ...], int] = {}
    return np.array([first.setdefault(one[1:], one[0]) for one in zip(range(width), *rows, strict=True)], np.int64)


def _goes_on(column: NDArray[Any]) -> tuple[int, int]:
    """How far a column goes on by row and by place."""
    if column.ndim == 1:
        return (1 if len(column) > 1 else 0), 0
    rows, width = column.shape
    return (width if rows > 1 else 0), (1 if width > 1 else 0)
