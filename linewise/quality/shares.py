"""A share with its interval, or the word that there is too little to tell."""

from dataclasses import dataclass

__all__ = ["FEWEST", "Share"]

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
        """Wilson's interval of 95% (Wilson 1927), 0 to 1; None where there are too few.

        It covers as the counts of independent calls would; calls of one agent are more alike than that.
        """
        if self.is_small:
            return None
        from scipy.stats import binomtest  # noqa: PLC0415  a second, for who looks at a team's figures alone

        found = binomtest(self.count, self.of_count).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)
