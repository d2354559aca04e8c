"""Lives seen as an accountant sees them: which cycle a row falls into, and what its rows sum to."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.lives.living import live
from linewise.simulation.lives.record import Lives
from linewise.simulation.world import World

__all__ = ["BALANCE", "CARDS", "COUNTRIES", "CURRENT", "REPAYMENT", "Lived", "lived_in", "rows_of", "same_rows"]

COUNTRIES = ("cn", "us")
CURRENT, CARDS, REPAYMENT = 0, (1, 2), 3
"""Accounts as postings name them: the current account, the card and its supplementary one, repayments."""
BALANCE = ("balance_amt", "spend_amt", "cash_amt", "interest_amt", "fee_amt", "charged_off_amt")


@dataclass(frozen=True)
class Lived:
    """Some customers' lives in their world."""

    world: World
    lives: Lives

    @cached_property
    def ends_s(self) -> NDArray[Any]:
        """When the cycle before the data and each cycle of the data closes, (n_customers, n_months + 1)."""
        calendar, days = self.world.calendar, self.lives.people["cycle_day"]
        months = range(-1, self.world.month_count)
        return np.stack([calendar.midnight_s(calendar.cycle_end_day(days, month)) for month in months], axis=1)

    @cached_property
    def is_closed(self) -> NDArray[Any]:
        """Whether the cycle ends while the data run, (n_customers, n_months)."""
        return self.ends_s[:, 1:] <= self.world.surroundings["last_s"][0]

    def month_of(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The month of each row's cycle, -1 before the first: the cycle of month m ends in that month."""
        return (rows["at_s"][:, None] >= self.ends_s[rows["person"]]).sum(axis=1) - 1

    def sums(self, rows: NDArray[Any], field: str = "amount_amt") -> NDArray[Any]:
        """Sums by customer and month, (n_customers, n_months)."""
        found = np.zeros((len(self.lives.people), self.world.month_count), dtype=np.int64)
        month = self.month_of(rows)
        is_in = (month >= 0) & (month < self.world.month_count)
        np.add.at(found, (rows["person"][is_in], month[is_in]), rows[field][is_in])
        return found

    def events(self, kind: int, **fields: int) -> NDArray[Any]:
        """The events of a kind with these values."""
        events = self.lives.events
        is_wanted = events["kind"] == kind
        for name, value in fields.items():
            is_wanted &= events[name] == value
        return events[is_wanted]


def lived_in(world: World, count: int, **how: Any) -> Lived:
    """The first customers of a world, lived."""
    return Lived(world, live(world, np.arange(1, count + 1), **how))


def rows_of(rows: NDArray[Any], person: int) -> NDArray[Any]:
    """The rows of one person without its place among the others."""
    mine = rows[rows["person"] == person].copy()
    mine["person"] = 0
    return mine


def same_rows(one: NDArray[Any], other: NDArray[Any], *, but: tuple[str, ...] = ()) -> bool:
    """Whether two arrays of records hold the same, what is not a number included, some fields left out."""
    if one.shape != other.shape:
        return False
    names = [name for name in one.dtype.names or () if name not in but]
    return all(np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in names)
