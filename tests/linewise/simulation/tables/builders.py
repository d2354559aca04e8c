"""Hand-made lives: a few people, and what happened to them; and what a bank of real lives holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from linewise.simulation.lives.record import EVENT, MONTH, PERSON, POSTING, Lives
from linewise.simulation.profile import profile_of
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.world import World

__all__ = [
    "AMERICAN", "WORLD", "LivedBank", "at_s", "chunk_of", "event", "lives_of", "moment", "person", "posting", "texts",
]  # fmt: skip

WORLD = World(country="cn", customer_count=100, month_count=12, seed=5)


def american_world() -> World:
    """The same bank in New York."""
    world = World(country="us", customer_count=100, month_count=12, seed=5)
    changes = {"country": "us", "currency": "USD", "time_zone": "America/New_York", "language": "en"}
    world.__dict__["profile"] = profile_of("cn").model_copy(update=changes)
    return world


AMERICAN = american_world()

Given = dict[str, Any]


@dataclass(frozen=True)
class LivedBank:
    """A world, its lives, and their tables but bank_facts."""

    world: World
    lives: Lives
    tables: Mapping[str, pa.Table]


def at_s(text: str, zone: str = "Asia/Shanghai") -> int:
    """The second of a local moment, such as `2026-03-05 14:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def moment(second: int) -> datetime:
    """The moment of a second."""
    return datetime.fromtimestamp(second, UTC)


def person(number: int = 1, **fields: Any) -> Given:
    """A salaried customer of long standing with a card and no current account."""
    usual = {
        "birth_day": 7_000, "since_day": WORLD.calendar.first_day - 3_000, "card_day": WORLD.calendar.first_day - 2_900,
        "cycle_day": 10, "payday": 10, "habit": 1, "income_amt": 1_000_000, "first_limit_amt": 2_000_000,
        "last_limit_amt": 3_000_000, "application_score": 650,
    }  # fmt: skip
    return usual | {"number": number} | fields


def posting(at: int, **fields: Any) -> Given:
    """A purchase of 100.00 at home on the card."""
    usual = {
        "amount_amt": 10_000, "original_amt": -1, "merchant": 7, "counterparty": -1, "account": 1, "group": 0,
        "channel": 2, "purpose": -1,
    }  # fmt: skip
    return usual | {"at_s": at} | fields


def event(kind: int, at: int, **fields: Any) -> Given:
    """An event of that kind."""
    return {"kind": kind, "at_s": at} | fields


def lives_of(
    people: Sequence[Given],
    *,
    postings: Sequence[Given] = (),
    events: Sequence[Given] = (),
    months: Sequence[Sequence[Given]] | None = None,
    world: World = WORLD,
) -> Lives:
    """The lives of these people; what is not given is 0, and no statement is recorded."""
    lived = np.zeros((len(people), world.month_count), dtype=MONTH)
    lived["days_past_due"] = -1
    for of_person, given in zip(lived, months or (), strict=False):
        for month, fields in zip(of_person, given, strict=False):
            _fill(month, {"is_open": 1} | fields)
    return Lives(_records(PERSON, people), lived, _records(POSTING, postings), _records(EVENT, events))


def chunk_of(people: Sequence[Given], **given: Any) -> Chunk:
    """The chunk of these people."""
    return Chunk(given.get("world", WORLD), lives_of(people, **given))


def texts(table: pa.Table, column: str) -> list[Any]:
    """The values of a column, whether or not it is dictionary-encoded."""
    return list(table[column].to_pylist())


def _records(kind: np.dtype[Any], rows: Sequence[Given]) -> np.ndarray[Any, Any]:
    found = np.zeros(len(rows), dtype=kind)
    for row, fields in zip(found, rows, strict=True):
        _fill(row, fields)
    return found


def _fill(row: Any, fields: Given) -> None:
    for name, value in fields.items():
        row[name] = value
