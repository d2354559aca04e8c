"""Days within a billing cycle."""

from typing import Any

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import uniform
from linewise.simulation.lives.parameters import Shops, Surroundings
from linewise.simulation.lives.state import Cycle

__all__ = ["day_by_weight", "day_of_month", "second_of_day", "weight_of"]


@compiled
def day_of_month(s: Surroundings, cycle: Cycle, day: int) -> int:
    """The day of the cycle that is this day of a month; the cycle's last where it holds none."""
    at = cycle.month + s.warm_up + 1
    found = s.month_begins[at - 1] + day - 1
    if found < cycle.begin_day:
        found = s.month_begins[at] + day - 1
    return int(min(found, cycle.end_day - 1))


@compiled
def weight_of(s: Surroundings, shops: Shops, season: int, begin_day: int, end_day: int) -> float:
    """The sum of the season's weights over these days, the last excluded."""
    until = shops.weight_until
    return float(until[season, end_day - s.base_day] - until[season, begin_day - s.base_day])


@compiled
def day_by_weight(s: Surroundings, shops: Shops, season: int, cycle: Cycle, draw: float) -> int:
    """A day of the cycle, drawn in proportion to the season's weights."""
    until = shops.weight_until
    low, high = cycle.begin_day - s.base_day, cycle.end_day - s.base_day
    wanted = until[season, low] + draw * (until[season, high] - until[season, low])
    # Most days weigh alike: the day is near the place that it would have if all did.
    at = low + int(draw * (high - low))
    while at > low and until[season, at] > wanted:
        at -= 1
    while at < high - 1 and until[season, at + 1] <= wanted:
        at += 1
    return int(at + s.base_day)


@compiled
def second_of_day(key: Any, purpose: int, index: int) -> int:
    """A second of the waking day, from seven to eleven at night, most of it in the afternoon and evening."""
    draw = uniform(key, purpose, index)
    return int(25200.0 + 57600.0 * (0.65 * draw + 0.35 * draw * draw * (3.0 - 2.0 * draw)))
