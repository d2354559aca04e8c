"""What one worker holds, and what it has gathered after many decisions."""

from collections.abc import Iterator

from benchmarks.rows import Row
from benchmarks.service.loading import decision_bodies, load
from benchmarks.service.starting import WORKERS, Service, is_quick

__all__ = ["rows"]

DECISIONS, FIRST, QUICK_DECISIONS, QUICK_FIRST = 200_000, 20_000, 1_000, 300
MOST_MB = 50.0
FOREVER_SECONDS = 1e6


def rows(mine: Service, ids: list[str]) -> Iterator[Row]:
    """Resident memory of the workers after the first decisions and after all, the worse one; shared pages count."""
    first, all_ = (QUICK_FIRST, QUICK_DECISIONS) if is_quick() else (FIRST, DECISIONS)
    bodies = decision_bodies(ids, seed=3)
    load(mine, "/v1/decisions", bodies, FOREVER_SECONDS, connections=4 * WORKERS, most=first)
    before = _mb(mine)
    load(mine, "/v1/decisions", bodies, FOREVER_SECONDS, connections=4 * WORKERS, most=all_ - first)
    after = _mb(mine)
    grown = max(later - sooner for sooner, later in zip(before, after, strict=True))
    yield Row(
        "memory of one worker", round(max(after)), 0.0, 0.0, "", None,
        f"MB resident after {all_:,} decisions by {WORKERS} workers of a bank of {len(ids):,} customers",
    )  # fmt: skip
    yield Row(
        f"growth of one worker over {all_:,} decisions after the first {first:,}", round(grown, 1), MOST_MB,
        round(grown / MOST_MB, 3), "<=1", grown <= MOST_MB, "MB resident, the worker that grew most",
    )  # fmt: skip


def _mb(mine: Service) -> list[float]:
    return [one.memory_info().rss / 2**20 for one in sorted(mine.workers(), key=lambda one: one.pid)]
