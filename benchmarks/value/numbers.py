"""What all topics hold to: whose numbers which people have, so that nobody is judged who taught, and the seeds."""

from collections.abc import Iterator, Mapping

__all__ = ["AUDIT_START", "JUDGED_START", "LEARNER_SEED", "ORACLE_START", "OTHER_LOG_START", "TRUTH_START", "worlds"]

ORACLE_START, JUDGED_START, AUDIT_START = 50_000_000, 100_000_000, 150_000_000
OTHER_LOG_START, TRUTH_START = 200_000_000, 300_000_000
"""The first number of each; a log's own people begin at 0."""

LEARNER_SEED = 7

SEED_COUNTS: Mapping[str, int] = {"base": 5, "downturn": 2, "thin-margin": 2}


def worlds(first_seed: int = 1) -> Iterator[tuple[str, int]]:
    """Each world with each of its seeds."""
    for world, count in SEED_COUNTS.items():
        for seed in range(first_seed, first_seed + count):
            yield world, seed
