"""A whole base allocated under three budgets, beside plain numpy and beside HiGHS on the largest it still solves."""

import os
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from benchmarks.plain_portfolio import a_base, plain_duals, whole_by_highs
from benchmarks.rows import Row
from linewise.decisioning.portfolio import NONE, Allocation, solve

__all__ = ["rows"]

Result = TypeVar("Result")

BASE, SOLVED_WHOLE = 1_000_000, 100_000
"""A larger relaxation than the latter takes HiGHS minutes."""

GAP = 1e-4
THREADS = os.cpu_count() or 1


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _broken(values: np.ndarray, uses: np.ndarray, budgets: np.ndarray, found: Allocation) -> int:
    """How many budgets the choice breaks, summed anew; the last bits of a sum depend on its order."""
    given = np.flatnonzero(found.choice != NONE)
    return int((uses[given, found.choice[given]].sum(axis=0) > budgets * (1 + 1e-12)).sum())


def rows() -> Iterator[Row]:
    """Seconds, gap and broken budgets at a million customers; seconds beside HiGHS where it can follow.

    Each is run once: minutes of work are not made truer by a second run.
    """
    solve(*a_base(30_000), threads=THREADS)  # compiled, as it is kept on disk
    base = a_base(BASE)
    found, seconds = _timed(lambda: solve(*base, threads=THREADS))
    (_, value, plain_gap), plain_seconds = _timed(lambda: plain_duals(*base))
    size = f"{BASE:,} customers × 7 actions × 3 budgets"
    ratio = round(plain_seconds / seconds, 3)
    yield Row(
        "a portfolio", round(seconds, 3), round(plain_seconds, 3), ratio, ">=1", ratio >= 1,
        f"{size}, {THREADS} threads; rival: numpy coordinate descent on the duals, whose gap is {plain_gap:.1e} "
        f"and value {value / found.primal:.6f} of ours; seconds",
    )  # fmt: skip
    ratio = found.gap_ratio / GAP
    yield Row(
        "a portfolio's gap", found.gap_ratio, GAP, round(ratio, 6), "<=1", ratio <= 1,
        f"{size}; duality gap as a share of the bound, beside the bar",
    )  # fmt: skip
    broken = _broken(*base, found)
    yield Row(
        "a portfolio's broken budgets", broken, 0, broken, "<=0", broken == 0,
        f"{size}; shares used: {', '.join(f'{share:.6f}' for share in found.used / base[2])}",
    )  # fmt: skip

    base = a_base(SOLVED_WHOLE)
    found, seconds = _timed(lambda: solve(*base, threads=THREADS))
    whole, highs_seconds = _timed(lambda: whole_by_highs(*base, method="highs-ipm"))
    ratio = round(highs_seconds / seconds, 3)
    yield Row(
        "a portfolio beside HiGHS", round(seconds, 3), round(highs_seconds, 3), ratio, ">=1", ratio >= 1,
        f"{SOLVED_WHOLE:,} customers; rival: the relaxation whole, by the interior point (its simplex is slower); "
        f"our choice in whole customers is worth {found.primal / whole:.7f} of the relaxation; seconds",
    )  # fmt: skip
