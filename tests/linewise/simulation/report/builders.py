"""Lives made by hand, of which every figure can be counted on paper."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from linewise.simulation.lives.record import EVENT, MONTH, PERSON, POSTING, Lives
from linewise.simulation.report.sample import Sample, Undone
from linewise.simulation.report.sums import Sums, Totals
from linewise.simulation.world import World

EXTRA = 36
LIMIT_AMT = 1_000_000


def a_world(month_count: int = 24, **settings: Any) -> World:
    return World(month_count=month_count, **settings)


def some_lives(
    customer_count: int,
    world: World,
    *,
    events: Sequence[dict[str, Any]] = (),
    postings: Sequence[dict[str, Any]] = (),
) -> Lives:
    """Open cards with a limit of 10,000 yuan, nothing owed and nothing overdue, whose cycle ends on the first."""
    people = np.zeros(customer_count, dtype=PERSON)
    people["number"] = np.arange(1, customer_count + 1)
    people["cycle_day"] = 1
    people["payday"] = 10
    people["habit"] = 1
    months = np.zeros((customer_count, world.month_count + EXTRA), dtype=MONTH)
    months["is_open"] = 1
    months["behaviour"] = 1
    months["limit_amt"] = LIMIT_AMT
    return Lives(people, months, records(postings, POSTING), records(events, EVENT))


def records(rows: Sequence[dict[str, Any]], dtype: np.dtype[Any]) -> Any:
    made = np.zeros(len(rows), dtype=dtype)
    for at, row in enumerate(rows):
        for name, value in row.items():
            made[name][at] = value
    return made


def a_sample(lives: Lives, world: World, *, raised: Lives | None = None, undone: Sequence[Undone] = ()) -> Sample:
    return Sample(world, lives, raised or lives, tuple(undone))


def with_months(lives: Lives, **columns: Any) -> Lives:
    """The same lives with these columns of their months, each (n_customers, n_months) or what fills it."""
    months = lives.months.copy()
    for name, values in columns.items():
        months[name] = values
    return Lives(lives.people, months, lives.postings, lives.events)


def with_people(lives: Lives, **columns: Any) -> Lives:
    people = lives.people.copy()
    for name, values in columns.items():
        people[name] = values
    return Lives(people, lives.months, lives.postings, lives.events)


def totals_of(room: Any, sample: Sample) -> Totals:
    """What a room of the report adds of a sample."""
    sums = Sums()
    room.collect(sample, sums)
    return sums.totals()


def midday_s(world: World, day: int) -> int:
    """Noon of a local day since 1970."""
    return int(world.calendar.midnight_s(np.array([day]))[0]) + 12 * 3600
