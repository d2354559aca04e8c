"""Some customers' lives beside what their tables share: identifiers, moments, dice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from linewise.simulation.chance import Chance, Ints
from linewise.simulation.lives.record import KINDS_COUNT, Lives
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.columns import coded
from linewise.simulation.tables.postings import LATEST_DAYS, Postings, split_postings
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers
from linewise.simulation.world import World

__all__ = ["CARD", "CURRENT", "DAY_US", "HOUR_US", "SUPPLEMENTARY", "Chunk", "Happenings", "Statements", "local_us"]

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
CURRENT, CARD, SUPPLEMENTARY = 0, 1, 2
"""Accounts of a person, as postings name them."""

_LAST_MIDNIGHT = 30_000
"""Days since 1970 until when midnights are known, in the year 2052."""


# The calendar's midnights begin with the first month that is lived; customers joined long before it.
@cache
def _midnights_us(time_zone: str) -> Ints:
    zone, first = ZoneInfo(time_zone), datetime(1970, 1, 1)  # noqa: DTZ001  the zone is put on below
    days = (first + timedelta(days=day) for day in range(_LAST_MIDNIGHT))
    return np.array([int(day.replace(tzinfo=zone).timestamp()) * 1_000_000 for day in days], dtype=np.int64)


def local_us(time_zone: str, day: ArrayLike, hours: ArrayLike = 0.0) -> Ints:
    """Microseconds since 1970 at so many hours after the midnight that begins those days in that zone."""
    midnights = _midnights_us(time_zone)[np.asarray(day)]
    return np.asarray(midnights + np.rint(np.asarray(hours) * HOUR_US).astype(np.int64), dtype=np.int64)


@dataclass(frozen=True)
class Happenings:
    """The events of one kind (n,): rows of EVENT, each with its customer and its place among theirs."""

    rows: NDArray[Any]
    person: Ints
    number: Ints
    rank: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, field: str) -> NDArray[Any]:
        return np.ascontiguousarray(self.rows[field])

    @property
    def at_us(self) -> Ints:
        """When each happened, microseconds."""
        return self["at_s"] * 1_000_000

    def where(self, is_wanted: NDArray[np.bool_]) -> "Happenings":
        """Those that are wanted; their ranks stay."""
        return Happenings(self.rows[is_wanted], self.person[is_wanted], self.number[is_wanted], self.rank[is_wanted])


class Statements(NamedTuple):
    """Card statements by customer and cycle, (n_customers, n_months) each.

    Whether each is in the bank's books by the end of the data, on which day since 1970 its cycle closed, and
    when it was recorded, microseconds.
    """

    is_recorded: NDArray[np.bool_]
    end_day: Ints
    recorded_us: Ints


@dataclass(frozen=True)
class Chunk:
    """The lives of some customers (n_customers,) in their world. Persons are rows of the lives, from 0."""

    world: World
    lives: Lives

    @cached_property
    def number(self) -> Ints:
        """Of each customer, (n_customers,)."""
        return np.ascontiguousarray(self.lives.people["number"])

    @property
    def chance(self) -> Chance:
        """The world's dice."""
        return self.world.chance

    @property
    def currency(self) -> str:
        """The bank's."""
        return self.world.calendar.currency

    @property
    def until_us(self) -> int:
        """The end of the data."""
        return self.world.calendar.data_until_s * 1_000_000

    def __len__(self) -> int:
        return len(self.lives.people)

    def of_people(self, field: str) -> NDArray[Any]:
        """A column of the people, (n_customers,)."""
        return np.ascontiguousarray(self.lives.people[field])

    def events(self, kind: int) -> Happenings:
        """The events of one kind, by customer and moment."""
        events, begins = self._by_kind
        rows = events[begins[kind] : begins[kind + 1]]
        person = np.ascontiguousarray(rows["person"])
        return Happenings(rows, person, self.number[person], rank_within(person))

    def local_us(self, day: ArrayLike, hours: ArrayLike = 0.0) -> Ints:
        """Microseconds at so many hours into those days of the bank."""
        return local_us(self.world.calendar.time_zone, day, hours)

    def opened_us(self, account: int) -> Ints:
        """When each customer's account of that kind was opened, (n_customers,)."""
        day = self.of_people("since_day" if account == CURRENT else "card_day")
        return self.local_us(day, 10.0 if account == SUPPLEMENTARY else 9.0)

    def customer_ids(self, person: NDArray[Any]) -> pa.DictionaryArray:
        """`C00000123` for customer 123."""
        return coded(person, self._customer_words)

    def account_ids(self, person: NDArray[Any], account: NDArray[Any] | int) -> pa.DictionaryArray:
        """`A`, `K` and `S` before the customer's number: current account, card, supplementary card."""
        words, place = self._accounts
        return coded(np.take(place, np.int32(len(self)) * account + person), words)

    def has_account(self, account: int) -> NDArray[np.bool_]:
        """Who has an account of that kind, (n_customers,)."""
        if account == CARD:
            return np.ones(len(self), dtype=np.bool_)
        has_one: NDArray[np.bool_] = self.of_people("has_payroll" if account == CURRENT else "has_supplementary") == 1
        return has_one

    @cached_property
    def postings(self) -> Postings:
        """What moved and was recorded by the end of the data."""
        calendar = self.world.calendar
        days = np.arange(calendar.first_day - 2, calendar.last_day + LATEST_DAYS)
        return split_postings(self.lives.postings, len(self), int(days[0]), self.local_us(days), self.until_us)

    @cached_property
    def statements(self) -> Statements:
        """The card statements of every cycle.

        One is recorded an hour after the last moment at which it could be paid in time: only then is it known
        what was paid.
        """
        calendar, months = self.world.calendar, self.lives.months[:, : self.world.month_count]
        end_day = calendar.cycle_end_day(self.of_people("cycle_day")[:, None], np.arange(months.shape[1])[None, :])
        recorded_us = self.local_us(end_day + self.world.profile.terms.due_days + 1, 1.0)
        is_there = (months["is_open"] == 1) & (months["days_past_due"] >= 0) & (recorded_us <= self.until_us)
        return Statements(is_there, end_day, recorded_us)

    @cached_property
    def _by_kind(self) -> tuple[NDArray[Any], Ints]:
        """The events, those of one kind beside each other, and where each kind begins and the last ends."""
        kinds = self.lives.events["kind"].astype(np.int16)
        order = np.argsort(kinds, kind="stable")
        begins = np.searchsorted(kinds[order], np.arange(KINDS_COUNT + 1))
        # Taking moves whole records; indexing moves them field by field.
        return np.take(self.lives.events, order), begins

    @cached_property
    def _customer_words(self) -> pa.Array:
        return identifiers("C", (self.number, CUSTOMER_DIGITS))

    @cached_property
    def _accounts(self) -> tuple[pa.Array, NDArray[np.int32]]:
        # Flat: the places of one kind of account after those of another.
        place = np.full(3 * len(self), -1, dtype=np.int32)
        words, count = [], 0
        for account, prefix in ((CURRENT, "A"), (CARD, "K"), (SUPPLEMENTARY, "S")):
            person = np.flatnonzero(self.has_account(account))
            place[account * len(self) + person] = np.arange(count, count + len(person))
            words.append(identifiers(prefix, (self.number[person], CUSTOMER_DIGITS)))
            count += len(person)
        return pa.concat_arrays(words), place
