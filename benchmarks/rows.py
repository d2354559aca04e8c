"""A row of a benchmark, and how two things are timed beside each other on a noisy machine."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Row", "beside"]


@dataclass(frozen=True)
class Row:
    """`ratio` points the way the bar reads: `>=20` asks for rival ÷ ours, `<=2` for ours ÷ rival.

    Where nothing was asked the bar is empty and `ok` None: the row states a figure, and reaches nothing.
    """

    name: str
    ours: float
    rival: float
    ratio: float
    bar: str
    ok: bool | None
    note: str


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def beside(
    name: str,
    ours: Callable[[], object],
    rival: Callable[[], object],
    *,
    bar: str,
    note: str,
    runs: int,
    units: tuple[int, int] = (1, 1),
) -> Row:
    """Run both in turn, A B A B …, and compare the medians.

    The first run of each is a warm-up and not counted. `units`: how many things one run of ours and one of
    the rival do; what is compared is the seconds of one. An empty bar asks nothing, and the ratio is ours ÷ rival.
    """
    ours(), rival()
    gc.collect()
    timed = [(_seconds(ours), _seconds(rival)) for _ in range(runs)]
    our_median = statistics.median(one for one, _ in timed) / units[0]
    rival_median = statistics.median(one for _, one in timed) / units[1]
    asks_at_least = bar.startswith(">=")
    ratio = rival_median / our_median if asks_at_least else our_median / rival_median
    ok = _reaches(ratio, float(bar.lstrip("<>=")), asks_at_least) if bar else None
    return Row(name, round(our_median, 6), round(rival_median, 6), round(ratio, 3), bar, ok, note)


def _reaches(ratio: float, limit: float, asks_at_least: bool) -> bool:
    return ratio >= limit if asks_at_least else ratio <= limit
