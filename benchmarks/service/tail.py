"""The slowest answers at half of the highest load: arrivals by chance, timed from when each was meant to begin."""

from collections.abc import Iterator
from statistics import median

from benchmarks.rows import Row
from benchmarks.service.loading import decision_bodies, load, quantile
from benchmarks.service.starting import Service, is_quick
from benchmarks.service.throughput import highest_rate

__all__ = ["rows"]

SECONDS, QUICK_SECONDS = 600.0, 20.0
BARS = {0.99: 4.0, 0.999: 10.0}
"""What was asked: how many medians the quantile may take."""


def rows(mine: Service, ids: list[str]) -> Iterator[Row]:
    """One open loop; its first twentieth warms up and is not counted."""
    highest = highest_rate(mine, ids)
    seconds = QUICK_SECONDS if is_quick() else SECONDS
    loaded = load(mine, "/v1/decisions", decision_bodies(ids, seed=2), seconds, rate=highest / 2)
    counted = loaded.latencies[len(loaded.latencies) // 20 :]
    middle = median(counted)
    for share, bar in BARS.items():
        slow = quantile(counted, share)
        yield Row(
            f"tail at half load, p{100 * share:g}", round(slow, 5), round(middle, 5), round(slow / middle, 2),
            f"<={bar:g}", slow <= bar * middle,
            f"seconds beside their own median; {highest / 2:.0f} a second of {highest:.0f}, Poisson, {seconds:.0f} s, "
            f"{len(counted):,} answers, the slowest {1e3 * max(counted):.0f} ms",
        )  # fmt: skip
