"""A share with its interval, or the word that there is too little to tell."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

__all__ = ["FEWEST", "Share", "wilson_ends"]

FEWEST = 10
"""Of fewer calls than this no share is told: one of them more or less would be another picture (our default)."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of_count: int

    @property
    def is_small(self) -> bool:
        """Whether there are too few to tell a share of."""
        return self.of_count < FEWEST

    @property
    def ratio(self) -> float | None:
        """The share, 0 to 1; None where there are too few."""
        return None if self.is_small else self.count / self.of_count

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of 95%, 0 to 1; None where there are too few.

        It covers as the counts of independent calls would; calls of one agent are more alike than that.
        """
        if self.is_small:
            return None
        return wilson_ends(self.count, self.of_count)


def wilson_ends(count: int, of_count: int) -> tuple[float, float]:
    """Wilson's interval of 95% of a share (Wilson 1927), 0 to 1, of one or more."""
    share, z = count / of_count, NormalDist().inv_cdf(0.975)
    middle = share + z * z / (2 * of_count)
    half = z * sqrt(share * (1 - share) / of_count + z * z / (4 * of_count * of_count))
    scale = 1 + z * z / of_count
    # Without a hit or a miss the ends are 0 and 1, which rounding would miss by a hair.
    low = 0.0 if count == 0 else (middle - half) / scale
    high = 1.0 if count == of_count else (middle + half) / scale
    return low, high
