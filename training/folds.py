"""Folds that keep every customer whole and spread the rare label evenly."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["customer_folds", "repeated_folds"]

Integers = npt.NDArray[np.int64]


def customer_folds(y: Integers, groups: Integers, fold_count: int, seed: int) -> Integers:
    """The fold of each row (n_rows,), 0 ≤ fold < fold_count.

    Customers who carry the label anywhere and those who do not are each shuffled and dealt out in turn,
    so fold sizes differ by at most one customer of either kind, and no customer lies in two folds.
    """
    customers, position = np.unique(groups, return_inverse=True)
    has_label = np.zeros(len(customers), dtype=bool)
    np.logical_or.at(has_label, position, y == 1)
    draw = np.random.default_rng(seed)
    fold = np.empty(len(customers), dtype=np.int64)
    dealt = 0
    for kind in (True, False):
        members = draw.permutation(np.flatnonzero(has_label == kind))
        fold[members] = (dealt + np.arange(len(members))) % fold_count
        dealt += len(members)
    return fold[position]


def repeated_folds(
    y: Integers, groups: Integers, fold_count: int, repeat_count: int, seed: int
) -> Iterator[tuple[int, int, Integers, Integers]]:
    """(repeat, fold, training rows, test rows), each repeat dealt anew from its own seed."""
    for repeat in range(repeat_count):
        fold_of = customer_folds(y, groups, fold_count, seed + repeat)
        for fold in range(fold_count):
            yield repeat, fold, np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
