"""The efficient frontier: the most that the base can bring for each amount of expected loss, and of new credit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from linewise.decisioning.portfolio import Allocation
from serving.portfolio.budgets import Given
from serving.portfolio.candidates import USES, Candidates
from serving.portfolio.solving import Solved, allocated, limits_of, solve_portfolio

__all__ = ["SWEPT", "Frontier", "Point", "frontier_of"]

SWEPT = ("loss", "exposure")
"""What profit is drawn against."""

SHARES = (0.0, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Of what would be used if it were not scarce, which is the last point; denser where the curve bends."""


@dataclass(frozen=True, slots=True)
class Point:
    """One allocation of the sweep, minor units: how much was allowed and used, what it brings, what a unit more earns.

    value_amt is what is maximised (raises at the cautious end), expected_amt the same allocation as expected.
    """

    allowed: float
    used: float
    value_amt: float
    expected_amt: float
    price: float


@dataclass(frozen=True, slots=True)
class Frontier:
    """solved: under the budgets as they are; points: by what is swept, the other budgets staying as they are."""

    solved: Solved
    points: Mapping[str, Sequence[Point]]
    currency: str

    def as_json(self) -> dict[str, Any]:
        """The solved portfolio, its prices, and every point."""
        return {
            "currency": self.currency,
            "prices": asdict(self.solved.prices),
            **self.solved.as_json(),
            "frontier": {name: [asdict(one) for one in points] for name, points in self.points.items()},
        }


def frontier_of(
    candidates: Candidates,
    budgets: Mapping[str, Given],
    currency: str,
    seed: int,
    advance: Callable[[int], None] = lambda done: None,
) -> Frontier:
    """Solve the portfolio under the budgets, and again for each share of expected loss and of exposure.

    `advance` is told how many allocations were made. Each begins at the prices of the one before.
    """
    solved = solve_portfolio(candidates, budgets, seed)
    advance(1)
    points: dict[str, list[Point]] = {}
    for name in SWEPT:
        limits, place = limits_of(budgets), USES.index(name)
        limits[place] = np.inf
        found = allocated(candidates, limits, seed)
        most = float(found.used[place])
        swept = [_point(candidates, found, place, most)]
        advance(1)
        for share in reversed(SHARES):
            # From the dear end on, so that each begins at the prices of one like it.
            begin = np.where(limits > 0.0, found.prices, 0.0)
            limits[place] = share * most
            found = allocated(candidates, limits, seed, begin)
            swept.append(_point(candidates, found, place, share * most))
            advance(1)
        points[name] = swept[::-1]
    return Frontier(solved, points, currency)


def _point(candidates: Candidates, found: Allocation, place: int, allowed: float) -> Point:
    return Point(
        allowed=allowed,
        used=float(found.used[place]),
        value_amt=found.primal,
        expected_amt=candidates.expected(found.choice),
        price=float(found.prices[place]),
    )
