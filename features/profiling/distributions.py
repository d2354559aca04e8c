"""The distribution of one feature, gathered piece by piece in little memory, the same in whatever pieces it comes.

Counts, ends and the mean are exact. Quantiles and bins rest on a fixed grid of cells, CELLS_A_DOUBLING between
each power of two and the next, so that the cells of two dates can be compared bin by bin and a million values
take some hundred kilobytes. After the logarithmic histograms of Masson, Rim and Lee, "DDSketch: a fast and
fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12(12), 2019.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature

__all__ = ["CELLS_A_DOUBLING", "DISTINCT_LIMIT", "Distribution", "Gathering", "cell_of"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELLS_A_DOUBLING = 1024
"""A quantile is off by less than one part in as many; whole numbers below twice as many have a cell each."""

DISTINCT_LIMIT = 10_000
"""Distinct values are counted up to here: beyond, the number says nothing that 'many' does not."""

_MANTISSA_BITS = 52
_CELL_SHIFT = _MANTISSA_BITS - int(math.log2(CELLS_A_DOUBLING))
_MAGNITUDE = np.int64(2**63 - 1)
# Pieces wait until they are as many as this, for each merge sorts all cells again.
_PENDING_LIMIT = 32_768
# A sum of floats depends in its last digits on how the rows are cut into files; a page must not.
_MEAN_DIGITS = 12


def cell_of(values: Floats) -> Integers:
    """The number of the grid cell of each value; in the order of the values, negative ones included.

    >>> cell_of(np.array([3.0, 3.001, 3.1])) - cell_of(np.array([3.0]))
    array([ 0,  0, 51])
    """
    bits = (values + 0.0).view(np.int64)  # adding zero makes -0.0 zero
    return np.where(bits >= 0, bits, bits ^ _MAGNITUDE) >> _CELL_SHIFT


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """What one date holds of one feature.

    rows = known + missing + infinite ones. zeros, at_default and beyond_range count rows; at_default is None
    where the default is to be missing; an infinite value lies beyond the range and is in no other figure.
    distinct is None above DISTINCT_LIMIT. minimum, maximum and mean are None where nothing is known.
    values (n_cells,) is the smallest known value of each occupied cell, ascending; counts (n_cells,) how many
    known values lie in it.
    """

    rows: int
    missing: int
    zeros: int
    at_default: int | None
    beyond_range: int
    distinct: int | None
    minimum: float | None
    maximum: float | None
    mean: float | None
    values: Floats
    counts: Integers

    @property
    def known(self) -> int:
        """How many rows hold a number."""
        return int(self.counts.sum())

    @property
    def cells(self) -> Integers:
        """The number of each occupied cell, ascending (n_cells,)."""
        return cell_of(self.values)

    def percentile(self, percent: int) -> float | None:
        """The smallest known value that at least `percent` of a hundred do not exceed; None where nothing is known.

        It is a value that occurs, the smallest of its cell, hence too small by less than one part in
        CELLS_A_DOUBLING.
        """
        if not self.values.size:
            return None
        rank = max(1, -(-percent * self.known // 100))
        return float(self.values[np.searchsorted(self.counts.cumsum(), rank)])


class Gathering:
    """Gathers the values of one feature; `add` as often as there are pieces, then `distribution`."""

    def __init__(self, feature: Feature) -> None:
        self._feature = feature
        self._rows = self._missing = self._zeros = self._at_default = self._beyond_range = 0
        self._sums: list[float] = []
        self._ends: tuple[float, float] | None = None
        self._distinct: Floats | None = np.empty(0)
        self._cells = (np.empty(0), np.empty(0, dtype=np.int64))
        self._pending: list[tuple[Floats, Integers]] = []
        self._pending_size = 0

    def add(self, values: Floats) -> None:
        """Take in the values of some rows (n,), NaN where missing."""
        finite = values[np.isfinite(values)]
        missing = int(np.isnan(values).sum())
        self._rows += values.size
        self._missing += missing
        self._beyond_range += values.size - missing - finite.size
        if finite.size:
            self._add_known(*np.unique(finite + 0.0, return_counts=True))

    def distribution(self) -> Distribution:
        """The distribution of all that was added."""
        self._merge()
        values, counts = self._cells
        known = int(counts.sum())
        return Distribution(
            rows=self._rows,
            missing=self._missing,
            zeros=self._zeros,
            at_default=None if self._feature.default is None else self._at_default,
            beyond_range=self._beyond_range,
            distinct=None if self._distinct is None else self._distinct.size,
            minimum=self._ends[0] if self._ends else None,
            maximum=self._ends[1] if self._ends else None,
            mean=float(f"{math.fsum(self._sums) / known:.{_MEAN_DIGITS}g}") if known else None,
            values=values,
            counts=counts,
        )

    def _add_known(self, values: Floats, counts: Integers) -> None:
        first, last = float(values[0]), float(values[-1])
        self._ends = (min(first, self._ends[0]), max(last, self._ends[1])) if self._ends else (first, last)
        self._zeros += _count_of(0.0, values, counts)
        if self._feature.default is not None:
            self._at_default += _count_of(self._feature.default, values, counts)
        is_beyond = (values < self._feature.minimum) | (values > self._feature.maximum)
        self._beyond_range += int(counts[is_beyond].sum())
        self._sums.append(float(values @ counts))
        if self._distinct is not None:
            union = np.union1d(self._distinct, values)
            self._distinct = union if union.size <= DISTINCT_LIMIT else None
        self._pending.append(_in_cells(values, counts))
        self._pending_size += self._pending[-1][0].size
        if self._pending_size > max(_PENDING_LIMIT, self._cells[0].size):
            self._merge()

    def _merge(self) -> None:
        pieces = [self._cells, *self._pending]
        values = np.concatenate([piece[0] for piece in pieces])
        order = values.argsort(kind="stable")
        self._cells = _in_cells(values[order], np.concatenate([piece[1] for piece in pieces])[order])
        self._pending, self._pending_size = [], 0


def _count_of(value: float, values: Floats, counts: Integers) -> int:
    at = int(values.searchsorted(value))
    return int(counts[at]) if at < values.size and values[at] == value else 0


def _in_cells(values: Floats, counts: Integers) -> tuple[Floats, Integers]:
    """Ascending values with their counts, brought together by cell under the smallest value of each."""
    if not values.size:
        return values, counts
    starts = np.flatnonzero(np.diff(cell_of(values), prepend=np.iinfo(np.int64).min >> 1))
    return values[starts], np.add.reduceat(counts, starts)
