"""One booster as a decision asks it: margins and contributions of rows, by arrays where its trees allow it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import lightgbm as lgb
import numpy as np

from linewise.decisioning.types import Floats
from serving.scoring.forest.kernel import Trees, contributed, summed
from serving.scoring.forest.planted import planted
from serving.scoring.forest.shares import tables_of

__all__ = ["Forest"]

WORTH_A_THREAD = 2_000
"""Rows below which a second thread costs more than it does."""


class Forest:
    """A booster whose rows cost microseconds; `threads` share the rows of a frame, and who never `explains` is lighter.

    The arrays give LightGBM's own margins to the bit, and its contributions but for the order in which they are
    added up. Trees that the arrays do not hold (`planted`, `tables_of`) are asked through LightGBM. All methods take
    inputs (n_rows, n_inputs), NaN where missing, and raise ValueError for another number of inputs; so many more at the
    end of each row are `unread`, which spares whoever has wider rows a copy of them.
    """

    def __init__(self, booster: lgb.Booster, threads: int = 1, *, explains: bool = True, unread: int = 0) -> None:
        self.booster = booster
        self._threads = threads
        self._input_count = booster.num_feature()
        self._unread = unread
        found = planted(booster)
        self._trees = None if found is None else found.trees
        self._is_summed = found is not None and found.is_summed
        self._base = 0.0 if found is None else found.base
        self._tables = tables_of(found) if found is not None and explains else None

    def summed(self, rows: Floats) -> Floats:
        """The sum of the leaves, (n_rows,): LightGBM's raw score."""
        if self._trees is None:
            read = self._read(rows)
            return np.asarray(self.booster.predict(read, raw_score=True, num_threads=self._threads), dtype=np.float64)
        return self._by_leaves(self._trees, rows)

    def _by_leaves(self, trees: Trees, rows: Floats) -> Floats:
        rows, sums = self._laid(rows), np.empty(len(rows))
        self._shared_out(lambda part: summed(rows[part], trees, sums[part]), len(rows))
        return sums

    def predicted(self, rows: Floats) -> Floats:
        """The prediction, (n_rows,), of a model of an amount."""
        if self._trees is not None and self._is_summed:
            return self._by_leaves(self._trees, rows)
        return np.asarray(self.booster.predict(self._read(rows), num_threads=self._threads), dtype=np.float64)

    def contributed(self, rows: Floats) -> Floats:
        """What each input adds to the sum of the leaves, (n_rows, n_inputs + 1); the last column is the base."""
        trees, tables = self._trees, self._tables
        if trees is None or tables is None:
            return np.asarray(self.booster.predict(self._read(rows), pred_contrib=True, num_threads=self._threads))
        rows = self._read(self._laid(rows))
        added = np.zeros((len(rows), rows.shape[1] + 1))
        added[:, -1] = self._base
        self._shared_out(lambda part: contributed(rows[part], trees, tables, added[part]), len(rows))
        return added

    def _read(self, rows: Floats) -> Floats:
        return rows[:, : rows.shape[1] - self._unread]

    def _laid(self, rows: Floats) -> Floats:
        # Compiled code reads where it is told to, whatever lies there.
        if rows.shape[1:] != (self._input_count + self._unread,):
            expected = self._input_count + self._unread
            raise ValueError(f"Rows of shape {rows.shape} were given; {expected} inputs a row were expected.")
        return np.ascontiguousarray(rows, dtype=np.float64)

    def _shared_out(self, work: Callable[[slice], None], count: int) -> None:
        if self._threads == 1 or count < WORTH_A_THREAD:
            work(slice(0, count))
            return
        edges = [count * part // self._threads for part in range(self._threads + 1)]
        list(_pool(self._threads).map(work, map(slice, edges[:-1], edges[1:])))


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    """Threads that all forests share: to start some at every call takes as long as a thousand rows."""
    return ThreadPoolExecutor(threads, thread_name_prefix="forest")
