"""Sums that customers add to in any order and any number, and standard errors from groups of customers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["GROUPS_COUNT", "Estimate", "Floats", "Sums", "Totals", "jackknifed", "ratio"]

Floats = NDArray[np.float64]
Totals = Mapping[str, Floats]
"""Sums over all customers by name, each of the size with which it was added."""

GROUPS_COUNT = 20
"""Customers are put into so many groups by their number, and left out group by group."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard error; NaN where the lives hold nothing to measure it on."""

    value: float
    standard_error: float


class Sums:
    """Named sums, kept for each group of customers, (GROUPS_COUNT, size) each.

    Memory does not grow with customers, and merging is adding: whoever is added when, the sums are the same.
    """

    def __init__(self) -> None:
        self._parts: dict[str, Floats] = {}

    def add(
        self,
        name: str,
        group: ArrayLike,
        amount: ArrayLike = 1.0,
        *,
        at: ArrayLike = 0,
        size: int = 1,
        where: ArrayLike = True,
    ) -> None:
        """Add amounts to the places `at` (0 to size - 1) of the sums of their groups, only where `where` holds.

        group, amount, at and where broadcast against each other; group is (n_customers,) or, beside months,
        (n_customers, 1).
        """
        groups, amounts, places, held = np.broadcast_arrays(group, amount, at, where)
        taken = np.asarray(held, dtype=np.bool_)
        index = groups[taken].astype(np.int64) * size + places[taken]
        counted = np.bincount(index, weights=amounts[taken].astype(np.float64), minlength=GROUPS_COUNT * size)
        self.put(name, np.asarray(counted.reshape(GROUPS_COUNT, size), dtype=np.float64))

    def put(self, name: str, parts: Floats) -> None:
        """Add sums that were made elsewhere, (GROUPS_COUNT, size)."""
        self._parts[name] = self._parts[name] + parts if name in self._parts else parts

    def merge(self, other: "Sums") -> None:
        """Add the sums of other customers."""
        for name, parts in other._parts.items():
            self.put(name, parts)

    def totals(self) -> dict[str, Floats]:
        """Over all groups."""
        return {name: parts.sum(axis=0) for name, parts in self._parts.items()}

    def without(self, group: int) -> dict[str, Floats]:
        """Over all groups but one."""
        return {name: parts.sum(axis=0) - parts[group] for name, parts in self._parts.items()}


def jackknifed(sums: Sums, *figures: Callable[[Totals], float]) -> list[Estimate]:
    """Each figure of the sums with its standard error by the jackknife over groups.

    With g groups and the figure f(-k) without group k, the variance is (g - 1) / g times the sum of
    (f(-k) - their mean)^2 (Quenouille, Biometrika 1956; Tukey 1958). It serves ratios, quantiles of fine
    histograms and differences alike, and knows that months of one customer are not independent.
    """
    whole = sums.totals()
    left = [sums.without(group) for group in range(GROUPS_COUNT)]
    estimates = []
    for figure in figures:
        without = np.array([figure(totals) for totals in left])
        variance = (GROUPS_COUNT - 1) / GROUPS_COUNT * np.sum((without - without.mean()) ** 2)
        estimates.append(Estimate(figure(whole), float(np.sqrt(variance))))
    return estimates


def ratio(part: ArrayLike, whole: ArrayLike) -> float:
    """Part by whole, NaN where there is no whole."""
    below = float(np.sum(whole))
    return float(np.sum(part)) / below if below != 0 else float("nan")
