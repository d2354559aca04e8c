"""What happens in a life that makes an offer sensible: a trip, a child, a car, work lost or found."""

from typing import Any

from linewise.simulation.lives.book import day_second, note
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import happens, uniform
from linewise.simulation.lives.parameters import Surroundings
from linewise.simulation.lives.record import LIFE_EVENT
from linewise.simulation.lives.state import Book, Cycle

__all__ = ["CHANGED_MONTHS", "live_events"]

CHANGED_MONTHS = 6
"""So long after a child or a car there is more to buy than the usual means pay for at once."""

_TRAVEL, _CHILD, _CAR, _JOB_LOST, _JOB_FOUND = range(5)
_CHILD_RATE, _CAR_RATE = 0.004, 0.003
_TRIP, _TRIP_DAY, _BIRTH, _WHEELS = range(1100, 1104)


@compiled
def live_events(who: Any, st: Any, s: Surroundings, book: Book, cycle: Cycle) -> None:
    """Let this cycle's events happen; only the judge is told of them, the bank sees what is bought."""
    at_s = day_second(s, cycle.begin_day + 5, 40000)
    age = (cycle.begin_day - who.birth_day) / 365.2425
    st.changed_months = min(st.changed_months + 1, 99)
    if 24.0 < age < 42.0 and happens(_CHILD_RATE, cycle.key, _BIRTH, 0):
        note(book, s, cycle.person, LIFE_EVENT, at_s, _CHILD, 0, 0, 0, 0, 0, 0, 0.0)
        st.card_lift *= 1.08
        st.changed_months = 0
    if age > 21.0 and happens(_CAR_RATE, cycle.key, _WHEELS, 0):
        note(book, s, cycle.person, LIFE_EVENT, at_s, _CAR, 0, 0, 0, 0, 0, 0, 0.0)
        st.card_lift *= 1.05
        st.changed_months = 0
    st.trip_end_day = -1
    if happens(min(who.travel / 12.0, 0.5), cycle.key, _TRIP, 0):
        st.trip_end_day = cycle.begin_day + 7 + int(20.0 * uniform(cycle.key, _TRIP_DAY, 0))
        note(book, s, cycle.person, LIFE_EVENT, at_s, _TRAVEL, 0, 0, 0, 0, 0, 0, 0.0)
    if st.is_jobless != st.was_jobless:
        kind = _JOB_LOST if st.is_jobless == 1 else _JOB_FOUND
        note(book, s, cycle.person, LIFE_EVENT, at_s, kind, 0, 0, 0, 0, 0, 0, 0.0)
        st.was_jobless = st.is_jobless
