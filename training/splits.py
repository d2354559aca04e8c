"""Earlier rows to learn from and later ones to judge on, with the gap that a label needs to ripen."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.dataset import CASES_MINIMUM, Dataset
from training.folds import customer_folds

__all__ = ["Part", "TimeSplit", "out_of_fold", "split_by_time"]

Integers = npt.NDArray[np.int64]
Moments = npt.NDArray[np.datetime64]

FIT_WORTH = 3
"""Customers with the label that are fitted for each that is judged: the moment nearest to that is chosen."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are fitted and rows that are judged by that fit; no customer has rows of both."""

    fit: Integers
    test: Integers


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Rows whose label was known at `begins_at`, and rows from then on; left_out had no label by then.

    begins_at is None where nothing is parted by time, and `reason` says why; then fit and test are all rows.
    """

    fit: Integers
    test: Integers
    left_out: Integers
    begins_at: np.datetime64 | None
    reason: str

    def parts(self, data: Dataset, fold_count: int, seed: int) -> Iterator[Part]:
        """For each fold of customers the fitted rows of all others and the judged rows of its own.

        Together the judged rows are all of `test`, each once.
        """
        fold_of = customer_folds(data.y, data.groups, fold_count, seed)
        for fold in range(fold_count):
            yield Part(self.fit[fold_of[self.fit] != fold], self.test[fold_of[self.test] == fold])


def split_by_time(data: Dataset) -> TimeSplit:
    """The split of these rows at the beginning of a month.

    Of all months the one is taken that leaves most customers of the rarer class, counted FIT_WORTH to one on the
    two sides. Where none leaves CASES_MINIMUM of either class on both sides, nothing is parted by time.
    """
    if data.as_of is None or data.ripe_at is None:
        return out_of_fold(data, "the rows carry no time")
    as_of, ripe_at = data.as_of, data.ripe_at
    best, most = None, 0.0
    for month in np.unique(as_of.astype("datetime64[M]"))[1:]:
        begins_at = month.astype("datetime64[us]")
        fit, test = ripe_at <= begins_at, as_of >= begins_at
        fitted, judged = _rarer(data, fit), _rarer(data, test)
        worth = min(fitted / FIT_WORTH, float(judged))
        if min(fitted, judged) >= CASES_MINIMUM and worth > most:
            best, most = begins_at, worth
    if best is None:
        return out_of_fold(data, _too_short(as_of, ripe_at))
    fit, test = ripe_at <= best, as_of >= best
    return TimeSplit(
        fit=np.flatnonzero(fit),
        test=np.flatnonzero(test),
        left_out=np.flatnonzero(~fit & ~test),
        begins_at=best,
        reason=f"every label that was fitted was known by {best.astype('datetime64[D]')}, when what is judged begins",
    )


def out_of_fold(data: Dataset, reason: str) -> TimeSplit:
    """All rows are fitted and judged, by folds of customers alone."""
    every = np.arange(len(data.y))
    return TimeSplit(every, every, np.empty(0, dtype=np.int64), None, reason)


def _rarer(data: Dataset, rows: npt.NDArray[np.bool_]) -> int:
    """Customers of the rarer class among these rows."""
    with_it = len(np.unique(data.groups[rows & (data.y == 1)]))
    return min(with_it, len(np.unique(data.groups[rows])) - with_it)


def _too_short(as_of: Moments, ripe_at: Moments) -> str:
    days = (as_of.max() - as_of.min()) / np.timedelta64(1, "D")
    ripening = np.median((ripe_at - as_of) / np.timedelta64(1, "D"))
    return (
        f"the rows span {days:.0f} days and a label ripens in {ripening:.0f}: no moment leaves {CASES_MINIMUM} "
        "customers of either class known before it and as many after it"
    )
