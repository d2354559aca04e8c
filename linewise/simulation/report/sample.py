"""Some customers lived for the report: as they lived, with a higher limit, and without the raises they had."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.calendar import Calendar
from linewise.simulation.chance import Ints
from linewise.simulation.lives.living import Intervention, live
from linewise.simulation.lives.record import LIMIT_CHANGE, LIMIT_REASONS, Lives
from linewise.simulation.report.sums import GROUPS_COUNT
from linewise.simulation.world import World

__all__ = [
    "DEFAULTED", "EFFECT_MONTHS", "HORIZON_MONTHS", "RAISE_FACTOR", "Raises", "Sample", "Undone", "active_from",
    "lived", "raise_month", "reviewed_months", "whole_months",
]  # fmt: skip

RAISE_FACTOR = 1.25
"""The raise that everybody gets in the second life: a quarter, at which all shapes of the answer agree."""
EFFECT_MONTHS = 36
HORIZON_MONTHS = 12
DEFAULTED = 4
"""The first bucket of an account that is 90 days overdue: four minimums are unpaid since at least 91 days."""

_HISTORY_MONTHS = 6
_REVIEWED_MONTHS_MOST = 12


class Raises(NamedTuple):
    """Raises of limits that the bank gave, (n_raises,) each: row of the customer, cycle, amounts, reason."""

    person: Ints
    month: Ints
    old_amt: Ints
    new_amt: Ints
    reason: Ints


class Undone(NamedTuple):
    """Lives in which one month's review of limits did not happen; person are rows of the sample."""

    month: int
    person: Ints
    lives: Lives


def whole_months(world: World) -> int:
    """Months 0 to this one, it excluded, hold whole statements of everybody; the last month of data does not."""
    return world.month_count - 1


def active_from(world: World) -> int:
    """The first month that is judged where it matters whether an account was used in the twelve before."""
    return min(HORIZON_MONTHS - 1, whole_months(world) - 1)


def raise_month(world: World) -> int:
    """The month in which everybody's limit is raised in the second life."""
    return world.month_count // 2


def reviewed_months(world: World) -> range:
    """The months whose reviews are judged: with a history before them, at most the last twelve."""
    last = whole_months(world)
    return range(max(_HISTORY_MONTHS, last - _REVIEWED_MONTHS_MOST), last)


@dataclass(frozen=True)
class Sample:
    """Customers (n_customers,) in their world, lived side by side with the same random numbers.

    lives go on for some months after the data end; raised are the same with RAISE_FACTOR on the limit in
    raise_month; undone are those of customers whom the bank raised in one of the reviewed months.
    """

    world: World
    lives: Lives
    raised: Lives
    undone: tuple[Undone, ...]

    @property
    def calendar(self) -> Calendar:
        """The bank's days."""
        return self.world.calendar

    @property
    def people(self) -> NDArray[Any]:
        """(n_customers,) of PERSON."""
        return self.lives.people

    @property
    def months(self) -> NDArray[Any]:
        """(n_customers, n_months) of MONTH, those beyond the data included."""
        return self.lives.months

    @cached_property
    def group(self) -> Ints:
        """The group of each customer for the standard errors, (n_customers,)."""
        return np.asarray(self.people["number"] % GROUPS_COUNT, dtype=np.int64)

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Whether the card is open and not written off, (n_customers, n_months)."""
        return np.asarray((self.months["is_open"] == 1) & (self.months["bucket"] < 9), dtype=np.bool_)

    @cached_property
    def is_active(self) -> NDArray[np.bool_]:
        """Whether an open account had a purchase, a payment or a balance in the last twelve months.

        The definition of the large-bank data of the Federal Reserve Bank of Philadelphia (FR Y-14M).
        (n_customers, n_months); months before the eleventh look back as far as there are lives.
        """
        months = self.months
        moved = (months["purchases_count"] > 0) | (months["balance_amt"] != 0) | (months["paid_amt"] > 0)
        until = np.cumsum(moved, axis=1)
        before = np.zeros_like(until)
        before[:, HORIZON_MONTHS:] = until[:, :-HORIZON_MONTHS]
        return np.asarray(self.is_open & (until > before), dtype=np.bool_)

    @cached_property
    def defaults_within(self) -> NDArray[np.bool_]:
        """Whether the account is 90 days overdue in any of the twelve months after, (n_customers, n_months)."""
        bucket = self.months["bucket"]
        found = np.zeros(bucket.shape, dtype=np.bool_)
        for ahead in range(1, HORIZON_MONTHS + 1):
            found[:, :-ahead] |= bucket[:, ahead:] >= DEFAULTED
        return found

    def events(self, kind: int) -> NDArray[Any]:
        """The events of one kind, by customer and moment."""
        return np.asarray(self.lives.events[self.lives.events["kind"] == kind])

    def cycle_of(self, event: NDArray[Any]) -> Ints:
        """The month whose cycle holds each event, (n_events,)."""
        calendar = self.calendar
        day = np.searchsorted(calendar.midnights_s, event["at_s"], side="right") - 1 + calendar.base_day
        at = np.searchsorted(calendar.month_begins, day, side="right") - 1
        day_of_month = day - calendar.month_begins[at] + 1
        first = np.searchsorted(calendar.month_begins, calendar.first_day)
        closed = day_of_month >= self.people["cycle_day"][event["person"]]
        return np.asarray(at - first + closed, dtype=np.int64)

    @cached_property
    def raises(self) -> Raises:
        """What the bank raised of its own accord while its data run."""
        return raises_of(self)


def raises_of(sample: Sample) -> Raises:
    """What the bank raised of its own accord: by its rule or in the randomised slice."""
    changes = sample.events(LIMIT_CHANGE)
    own = (changes["c"] == 1) & (changes["b"] > changes["a"])
    own &= np.isin(changes["d"], [LIMIT_REASONS.index("rule"), LIMIT_REASONS.index("randomised")])
    kept = changes[own]
    return Raises(
        person=kept["person"].astype(np.int64),
        month=sample.cycle_of(kept),
        old_amt=kept["a"],
        new_amt=kept["b"],
        reason=kept["d"],
    )


def lived(world: World, numbers: Ints) -> Sample:
    """The customers of these numbers, (n_customers,), lived in all the ways that the report compares."""
    month = raise_month(world)
    extra = max(month + EFFECT_MONTHS - world.month_count, HORIZON_MONTHS)
    lives = live(world, numbers, extra_months=extra)
    higher = Intervention(month, limit_factor=RAISE_FACTOR)
    raised = live(world, numbers, intervention=higher, with_postings=False, extra_months=extra)
    raises = raises_of(Sample(world, lives, raised, ()))
    undone = []
    for reviewed in reviewed_months(world):
        person = np.unique(raises.person[raises.month == reviewed])
        none = Intervention(reviewed, limit_factor=1.0)
        held = live(world, numbers[person], intervention=none, with_postings=False, extra_months=extra)
        undone.append(Undone(reviewed, person, held))
    return Sample(world, lives, raised, tuple(undone))
