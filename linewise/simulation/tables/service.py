"""The tables of serving customers: calls to the hotline, and cases."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import CALL, CALL_OUTCOMES, CALL_REASONS, CALL_TONES, CASE, CASES
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import DAY_US, Chunk
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments
from linewise.simulation.tables.offers import agent_words
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["call_table", "case_table"]

_CALL_DIGITS, _CASE_DIGITS = 4, 3


class _Incident(NamedTuple):
    """What happens to customers without any bearing on their lives: a year's rate, usual days until closed."""

    kind: int
    rate: float
    days: float


# Fraud stands here for suspicions that come to nothing, without which every case would be a fraud.
_INCIDENTS = (
    _Incident(CASES.index("dispute"), 0.020, 30.0),
    _Incident(CASES.index("lost_card"), 0.030, 5.0),
    _Incident(CASES.index("fraud"), 0.010, 12.0),
    _Incident(CASES.index("bereavement"), 0.003, 90.0),
)


def call_table(chunk: Chunk) -> pa.Table:
    """The calls, by customer and moment."""
    events = chunk.events(CALL)
    ended_us = events.at_us + events["e"] * 1_000_000
    return contract_table(
        "calls",
        len(events),
        call_id=identifiers("CA", (events.number, CUSTOMER_DIGITS), (events.rank, _CALL_DIGITS)),
        customer_id=chunk.customer_ids(events.person),
        started_at=moments(events.at_us),
        ended_at=moments(ended_us),
        recorded_at=moments(ended_us),
        reason=coded(events["a"], CALL_REASONS),
        tone=coded(events["b"], CALL_TONES),
        outcome=coded(events["c"], CALL_OUTCOMES),
        agent_id=coded(events["d"], agent_words()),
    )


def case_table(chunk: Chunk) -> pa.Table:
    """The cases of the lives and the incidents, by customer and moment."""
    events = chunk.events(CASE)
    parts = [(events.person, events.at_us, events["a"], events["g"] * 1_000_000)]
    parts += [_incidents(chunk, incident) for incident in _INCIDENTS]
    person, opened_us, kind, closed_us = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = in_order(person, opened_us)
    person, closed_us = person[order], closed_us[order]
    return contract_table(
        "cases",
        len(person),
        case_id=identifiers("CS", (chunk.number[person], CUSTOMER_DIGITS), (rank_within(person), _CASE_DIGITS)),
        customer_id=chunk.customer_ids(person),
        kind=coded(kind[order], CASES),
        opened_at=moments(opened_us[order]),
        closed_at=moments(closed_us, (closed_us > 0) & (closed_us <= chunk.until_us)),
        recorded_at=moments(opened_us[order]),
    )


def _incidents(chunk: Chunk, incident: _Incident) -> tuple[Ints, Ints, Ints, Ints]:
    """At most one of a kind in the data for each customer: person, opened, kind, closed."""
    chance, number, calendar = chunk.chance, chunk.number, chunk.world.calendar
    name = CASES[incident.kind]
    first_day = np.maximum(chunk.of_people("card_day"), calendar.first_day)
    days = np.maximum(calendar.last_day - first_day, 0)
    has = chance.happens(1 - np.exp(-incident.rate * days / 365), name, number)
    day = first_day + 1 + np.floor(np.maximum(days - 1, 0) * chance.uniform(f"{name} day", number)).astype(np.int64)
    opened_us = chunk.local_us(day, 9.0 + 10.0 * chance.uniform(f"{name} hour", number))
    open_days = -incident.days * np.log(chance.uniform(f"{name} days", number))
    closed_us = opened_us + np.floor((0.2 + open_days) * DAY_US).astype(np.int64)
    person = np.flatnonzero(has)
    return person, opened_us[person], np.full(len(person), incident.kind), closed_us[person]
