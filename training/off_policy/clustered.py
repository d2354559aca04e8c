"""The error of a mean whose rows move together: by agent, by customer, or by both."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

__all__ = ["Clusters"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Clusters:
    """Whose rows belong together, in one way or in several that cross.

    With several ways the variance is the sum over the ways, less that over their crossings, and so on (Cameron,
    Gelbach and Miller, Journal of Business and Economic Statistics 29, 2011), and never below that of any one way.
    """

    def __init__(self, ways: Sequence[Integers], row_count: int) -> None:
        """`ways`: the group of each row, (n_rows,) each; without any every row stands for itself."""
        codes = [_coded(way) for way in ways] or [np.arange(row_count)]
        self._row_count = row_count
        self._alone = [(one, int(one.max()) + 1) for one in codes]
        self._crossed: list[tuple[int, Integers, int]] = []
        for size in range(2, len(codes) + 1):
            for chosen in combinations(codes, size):
                together = chosen[0]
                for other in chosen[1:]:
                    together = _coded(together * (int(other.max()) + 1) + other)
                self._crossed.append((1 if size % 2 else -1, together, int(together.max()) + 1))

    @property
    def least_count(self) -> int:
        """The number of groups of the way that has the fewest."""
        return min(count for _, count in self._alone)

    def standard_error(self, rows: Floats) -> float:
        """One standard error of the mean of `rows` (n_rows,)."""
        left = rows - rows.mean()
        alone = [_squares(left, group, count) for group, count in self._alone]
        crossed = sum(sign * _squares(left, group, count) for sign, group, count in self._crossed)
        return float(np.sqrt(max(sum(alone) + crossed, *alone, 0.0)) / self._row_count)


def _coded(way: Integers) -> Integers:
    return np.asarray(np.unique(way, return_inverse=True)[1], dtype=np.int64)


def _squares(left: Floats, group: Integers, count: int) -> float:
    """The squared sums of the groups, with the usual correction for few of them."""
    return float((np.bincount(group, left, minlength=count) ** 2).sum()) * count / max(count - 1, 1)
