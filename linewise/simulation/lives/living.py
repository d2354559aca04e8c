"""Lives of customers: the one door to the equations, for the bank's data and for what might have been."""

import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewise.core.files import sha256_of
from linewise.simulation.chance import Floats
from linewise.simulation.lives.book import sorted_events
from linewise.simulation.lives.compiling import compiled, compiled_by_one, compiled_kept
from linewise.simulation.lives.dice import key_of
from linewise.simulation.lives.month import live_month
from linewise.simulation.lives.offers import AS_IT_WAS
from linewise.simulation.lives.parameters import Equations, Shops, Surroundings
from linewise.simulation.lives.people import draw_person
from linewise.simulation.lives.record import CHARGED_OFF, EVENT, MONTH, PERSON, POSTING, Lives
from linewise.simulation.lives.state import (
    BOOK_DTYPE,
    CYCLE_DTYPE,
    EVENTS_A_LIFE,
    LINES,
    STATE,
    Book,
    Cycle,
    begin_state,
)

if TYPE_CHECKING:
    from linewise.simulation.world import World

__all__ = ["Intervention", "live", "lived_with_chances"]

# Read with the module, so that what is compiled from these files is kept under their name.
_DIGEST = sha256_of(*sorted(Path(__file__).parent.glob("*.py")))
_POSTINGS_A_MONTH, _EVENTS_A_MONTH = 14, 3


class Intervention(NamedTuple):
    """What is done in one month in place of what the bank did, all else the same.

    month counts as Lives.months. The others are one value for all or (n_customers,). limit_factor: of the
    limit then (1.0: the bank's review does not happen; NaN: the bank does as it did). offer: of record.OFFERS,
    shown in that month's campaign to those who may have it (AS_IT_WAS, NOTHING_SHOWN), in that channel of
    record.SHOWN_IN (-1: by the dice). future: 0 lives on with the world's own dice; any other number throws
    them anew from that month on.
    """

    month: int
    limit_factor: Any = math.nan
    offer: Any = AS_IT_WAS
    channel: Any = -1
    future: int = 0


def live(
    world: "World",
    numbers: NDArray[Any],
    *,
    intervention: Intervention | None = None,
    with_postings: bool = True,
    extra_months: int = 0,
) -> Lives:
    """The lives of the customers of these numbers, (n_customers,), in the given order.

    `extra_months` are lived beyond the data, for the judge: months is then (n_customers, month_count +
    extra_months). Customer i is the same whoever is lived beside them; the interpreter's lock is released.
    """
    lives, _ = lived_with_chances(
        world, numbers, intervention=intervention, with_postings=with_postings, extra_months=extra_months
    )
    return lives


def lived_with_chances(
    world: "World",
    numbers: NDArray[Any],
    *,
    intervention: Intervention | None = None,
    with_postings: bool = False,
    extra_months: int = 0,
) -> tuple[Lives, Floats]:
    """As `live`, and the chance with which the offer of the intervention was taken, (n_customers,), 0 if not shown."""
    action = intervention or Intervention(month=-1000)
    customers = np.ascontiguousarray(numbers, dtype=np.int64)
    n, month_count = len(customers), world.month_count
    people = np.zeros(n, dtype=PERSON)
    months = np.zeros((n, month_count + extra_months), dtype=MONTH)
    chances = np.zeros(n)
    actions = Actions(
        action.month,
        action.future,
        np.broadcast_to(np.asarray(action.limit_factor, dtype=np.float64), n).copy(),
        np.broadcast_to(np.asarray(action.offer, dtype=np.int64), n).copy(),
        np.broadcast_to(np.asarray(action.channel, dtype=np.int64), n).copy(),
    )
    book = np.zeros(1, dtype=BOOK_DTYPE)
    book["wants_postings"] = with_postings
    room = 1.0
    while True:
        postings = np.empty(int(room * n * month_count * _POSTINGS_A_MONTH) * with_postings + LINES, dtype=POSTING)
        events = np.empty(int(room * n * month_count * _EVENTS_A_MONTH) + EVENTS_A_LIFE, dtype=EVENT)
        counts = np.zeros(2, dtype=np.int64)
        given = (
            np.uint64(world.seed), customers, people, months, chances, world.equations, world.surroundings,
            world.shops, book, np.zeros(1, dtype=CYCLE_DTYPE), np.zeros(2, dtype=STATE), np.zeros(1, dtype=MONTH),
            actions, Found(postings, events, counts),
        )  # fmt: skip
        is_whole = compiled_by_one(_live_all(), given)(*given)
        if book["is_full"][0]:
            raise OverflowError(f"A life of more than {EVENTS_A_LIFE:,} events; no equation of a bank gives as many.")
        if is_whole:
            break
        room *= 2.0
        people[:], months[:] = 0, 0
    return Lives(people, months, postings[: counts[0]], _in_order(events[: counts[1]])), chances


def _in_order(events: NDArray[Any]) -> NDArray[Any]:
    """The events by customer and moment; as lived, they are not always in the order of time."""
    timed = np.empty_like(events)
    order, place = np.empty((2, len(events)), dtype=np.int64)
    sorted_events(events, timed, order, place)
    return timed


class Actions(NamedTuple):
    """An intervention as compiled code reads it; the arrays are (n_customers,)."""

    month: int
    future: int
    limit_factor: Any
    offer: Any
    channel: Any


class Found(NamedTuple):
    """What was handed over of all lives so far: (room,) of POSTING and of EVENT, and how many there are of each."""

    postings: Any
    events: Any
    counts: Any


@compiled
def _live_one(
    i: int, who: Any, st: Any, months: Any, chances: Any, e: Equations, s: Surroundings, shops: Shops, book: Book,
    cycle: Cycle, person_key: Any, scratch: Any, actions: Actions, found: "Found",
) -> bool:  # fmt: skip
    cycle.person = i
    book.events_count = 0
    for m in range(-s.warm_up, len(months) + 1):
        at = m + s.warm_up + 1
        begin_day = s.month_begins[at - 1] + who.cycle_day - 1
        end_day = s.month_begins[at] + who.cycle_day - 1
        key = key_of(key_of(person_key, 2), s.first_month + m + 1200)
        if actions.future > 0 and m >= actions.month:
            key = key_of(key, 1000 + actions.future)
        cycle.month, cycle.begin_day, cycle.end_day, cycle.due_day = m, begin_day, end_day, begin_day + s.due_days
        cycle.key = key
        book.postings_count = 0
        card_months = math.floor((begin_day - who.card_day) / 30.4)
        month = months[m] if 0 <= m < len(months) else scratch[0]
        has_before = m >= 1
        before = months[m - 1] if has_before else scratch[0]
        factor, shown, channel = math.nan, AS_IT_WAS, -1
        if m == actions.month:
            factor, shown, channel = actions.limit_factor[i], actions.offer[i], actions.channel[i]
            st.chance = 0.0
        live_month(
            who, st, month, before, has_before, e, s, shops, book, cycle, person_key, factor, shown, channel,
            card_months,
        )  # fmt: skip
        if m == actions.month:
            chances[i] = st.chance
        if end_day <= s.last_day + 1 or m == 0:
            _see(who, st)
        if found.counts[0] + book.postings_count > len(found.postings):
            return False
        for k in range(book.postings_count):
            found.postings[found.counts[0] + k] = book.postings[k]
        found.counts[0] += book.postings_count
    if found.counts[1] + book.events_count > len(found.events):
        return False
    for k in range(book.events_count):
        found.events[found.counts[1] + k] = book.events[k]
    found.counts[1] += book.events_count
    return True


@compiled
def _see(who: Any, st: Any) -> None:
    """What the account looks like at the end of the data."""
    who.temporary_limit_amt = st.temporary_amt
    who.temporary_from_s = st.temporary_from_s
    who.temporary_until_s = st.temporary_until_s
    status = 0
    if st.bucket == CHARGED_OFF:
        status = 3
    elif st.is_closed == 1:
        status = 2
    elif st.bucket >= 2 or st.is_blocked == 1:
        status = 1
    who.account_status = status


@cache
def _live_all() -> Any:
    """The loop over customers, compiled once and kept on disk for the next process.

    What numba keeps it does not compile anew when a function of another file changes. So this loop alone is
    kept, and the digest of all equations, which it closes over, is part of its key.
    """
    digest = _DIGEST

    @compiled_kept
    def live_all(
        seed: Any, customers: Any, people: Any, months: Any, chances: Any, equations: Any, surroundings: Any,
        all_shops: Any, books: Any, cycles: Any, states: Any, scratch: Any, actions: Actions, found: Found,
    ) -> bool:  # fmt: skip
        e, s, shops, book, cycle = equations[0], surroundings[0], all_shops[0], books[0], cycles[0]
        for i in range(len(customers)):
            states[0] = states[1]
            who, st = people[i], states[0]
            who.number = customers[i]
            person_key = key_of(key_of(seed, 0), customers[i])
            draw_person(key_of(person_key, 1), who, e, s)
            begin_state(who, st, e, s)
            if not _live_one(
                i, who, st, months[i], chances, e, s, shops, book, cycle, person_key, scratch, actions, found
            ):
                return False
        return len(digest) > 0

    return live_all
