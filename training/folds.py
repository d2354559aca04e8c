"""Folds that keep every customer whole and spread the rare label evenly."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from linewise.decisioning.hashing import mixed_words, words_of

__all__ = ["customer_folds", "lasting_folds", "repeated_folds"]

Integers = npt.NDArray[np.int64]

LABELLED_LEAST = 100
"""Customers of either kind in a fold: of so many their number scatters by a tenth."""


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


def lasting_folds(y: Integers, customers: Integers, fold_count: int, purpose: str) -> Integers:
    """The fold of each row (n_rows,), 0 ≤ fold < fold_count, by its customer's own number and the purpose alone.

    customers (n_rows,): numbers that hang on nothing but who somebody is (`Dataset.lasting`). So neither a training's
    seed nor who else is in it moves anybody into another fold, and a retraining on the next day deals as the one
    before. Where some fold would hold fewer than LABELLED_LEAST customers who carry the label, or who do not, chance
    alone would make folds too unlike each other: there either kind is dealt out in turn, in the order of the hash.
    """
    numbers, position = np.unique(customers, return_inverse=True)
    words = mixed_words(numbers.astype(np.uint64), words_of("folds of ", np.array([purpose])))[:, 0]
    has_label = np.zeros(len(numbers), dtype=bool)
    np.logical_or.at(has_label, position, y == 1)
    fold = np.asarray(words.view(np.uint64) % np.uint64(fold_count), dtype=np.int64)
    least = min(np.bincount(fold[has_label == kind], minlength=fold_count).min() for kind in (True, False))
    if least < LABELLED_LEAST:
        ordered = np.lexsort((words, ~has_label))
        fold[ordered] = np.arange(len(ordered)) % fold_count
    return fold[position]


def repeated_folds(
    y: Integers, groups: Integers, fold_count: int, repeat_count: int, seed: int
) -> Iterator[tuple[int, int, Integers, Integers]]:
    """(repeat, fold, training rows, test rows), each repeat dealt anew from its own seed."""
    for repeat in range(repeat_count):
        fold_of = customer_folds(y, groups, fold_count, seed + repeat)
        for fold in range(fold_count):
            yield repeat, fold, np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
