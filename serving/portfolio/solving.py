"""From candidates and budgets to prices of a release: what the base is worth under them, and what each unit earns."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from linewise.core.clock import BankClock
from linewise.core.home import Home
from linewise.decisioning.portfolio import Allocation, solve
from linewise.decisioning.prices import PRICE_OF, Prices
from linewise.decisioning.types import Floats
from serving.portfolio.budgets import Given, as_json
from serving.portfolio.candidates import OFFER, RAISE, USES, Candidates
from serving.scoring.release import Versions, solved_for, with_prices
from serving.scoring.release_prices import SolvedPrices, write_prices

__all__ = ["PRICE_DECIMALS", "Solved", "prices_of", "publish", "solve_portfolio"]

PRICE_DECIMALS = 9
"""Prices count to so many decimals, those to which a record keeps its ratios."""

THREADS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Solved:
    """The best that the base is expected to bring under the budgets, minor units.

    prices; budgets, used and free_used by name in USES, the latter what would be used if nothing were scarce,
    both with unpriced_used, what goes whatever the prices;
    value_amt: what was maximised, of raises the gain at the cautious end; expected_amt: the same as expected;
    free_value_amt: without budgets. counts: how many rows get an offer, and a raise.
    """

    prices: Prices
    budgets: Mapping[str, Given]
    used: Mapping[str, float]
    free_used: Mapping[str, float]
    unpriced_used: Mapping[str, float]
    value_amt: float
    expected_amt: float
    free_value_amt: float
    gap_ratio: float
    method: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines and for the file of prices."""
        return {
            "budgets": as_json(self.budgets),
            "used": dict(self.used),
            "used_without_budgets": dict(self.free_used),
            "used_whatever_the_prices": dict(self.unpriced_used),
            "value_amt": round(self.value_amt),
            "expected_value_amt": round(self.expected_amt),
            "value_without_budgets_amt": round(self.free_value_amt),
            "gap_ratio": self.gap_ratio,
            "method": self.method,
            "proposals": dict(self.counts),
        }


def limits_of(budgets: Mapping[str, Given]) -> Floats:
    """The budgets as the solver takes them, (n_uses,): endless where none is given."""
    return np.array([budgets[name].amount if name in budgets else np.inf for name in USES])


def allocated(candidates: Candidates, limits: Floats, seed: int, begin: Floats | None = None) -> Allocation:
    """The best choice of the rows under the limits (n_uses,), less what goes whatever the prices."""
    left = np.maximum(limits - candidates.unpriced_uses, 0.0)
    return solve(
        candidates.values_amt, candidates.uses, left, seed=seed, keys=candidates.keys, threads=THREADS,
        begin=begin,
    )  # fmt: skip


def prices_of(allocation: Allocation) -> Prices:
    """The allocation's prices as a release keeps them."""
    rounded = np.round(allocation.prices, PRICE_DECIMALS).tolist()
    return Prices(**{PRICE_OF[name]: price for name, price in zip(USES, rounded, strict=True)})


def _by_name(uses: Floats) -> dict[str, float]:
    return dict(zip(USES, uses.tolist(), strict=True))


def solve_portfolio(candidates: Candidates, budgets: Mapping[str, Given], seed: int) -> Solved:
    """Allocate the base under the budgets; what is not given is not scarce."""
    free = allocated(candidates, np.full(len(USES), np.inf), seed)
    found = allocated(candidates, limits_of(budgets), seed)
    is_given = found.choice >= 0
    return Solved(
        prices=prices_of(found),
        budgets=budgets,
        used=_by_name(found.used + candidates.unpriced_uses),
        free_used=_by_name(free.used + candidates.unpriced_uses),
        unpriced_used=_by_name(candidates.unpriced_uses),
        value_amt=found.primal,
        expected_amt=candidates.expected(found.choice),
        free_value_amt=free.primal,
        gap_ratio=found.gap_ratio,
        method=found.method,
        counts={kind: int((is_given & (candidates.kind == kind)).sum()) for kind in (OFFER, RAISE)},
    )


def publish(home: Home, versions: Versions, solved: Solved, told: Mapping[str, Any]) -> tuple[Path, str]:
    """Write the prices for the parts that they were solved with; gives the file and the release that they make.

    From now on whoever opens the home decides by them; in production that release needs its signatures first.
    """
    parts = solved_for(versions)
    at = {"solved_at": BankClock().now().isoformat()}
    path = write_prices(home, SolvedPrices(solved.prices, parts, at | dict(told) | solved.as_json()))
    return path, with_prices(versions, solved.prices).release_id
