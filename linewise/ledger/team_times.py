"""How long calls took and how soon something could be suggested in them: of a bounded sample, by our own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.team_tallies import Span

__all__ = ["MOST_CALLS", "CallTime", "call_times"]

MOST_CALLS = 4_000
"""Of more calls an even share is looked at: a median of so many is as good as one of all."""

PRIME, SPREAD = 1_000_003, 618_035
"""A prime and some golden section of it: numbers times this are spread evenly over its remainders."""

ENDS = ("need_resolved", "ended")


@dataclass(frozen=True, slots=True)
class CallTime:
    """Seconds from the answer: until suggestions surfaced (None where nothing was shown), until the end (None: open).

    is_pitched: whether something was put to the customer in it.
    """

    to_suggestion_seconds: float | None
    length_seconds: float | None
    is_pitched: bool


def call_times(connection: Connection, span: Span, most: int = MOST_CALLS) -> Sequence[CallTime]:
    """Times of the answered calls of a span, at most some `most` of them.

    They are by the wall clock of the ledger (recorded_at), for a bank clock that stands still would say nothing took
    any time.
    """
    answers = _answers(span)
    count = int(connection.execute(select(func.count()).select_from(call_events).where(*answers)).scalar_one())
    each = max(1, -(-count // most))
    # Spread, so that a pattern in how calls are told of is none in which calls are looked at.
    place = call_events.c.sequence * SPREAD % PRIME
    sampled = select(call_events.c.call_id).where(*answers, place < PRIME // each)
    begun = connection.execute(sampled.add_columns(call_events.c.recorded_at)).all()
    later = call_events.alias("later").c
    events = select(later.call_id, later.kind, later.recorded_at).where(
        # Joined to an empty text: events are found by their call, and not among all of their kind.
        later.call_id.in_(sampled), later.kind.concat("").in_(ENDS)
    )  # fmt: skip
    reached = {(row.call_id, row.kind): row.recorded_at for row in connection.execute(events)}
    seen = select(outcomes.c.call_id, outcomes.c.outcome).where(
        outcomes.c.call_id.in_(sampled), outcomes.c.outcome.concat("").in_(("shown", "pitched"))
    )
    told = {(row.call_id, row.outcome) for row in connection.execute(seen)}
    return [
        CallTime(
            _seconds(row.recorded_at, reached.get((row.call_id, "need_resolved")))
            if (row.call_id, "shown") in told
            else None,
            _seconds(row.recorded_at, reached.get((row.call_id, "ended"))),
            (row.call_id, "pitched") in told,
        )
        for row in begun
    ]


def _answers(span: Span) -> list[ColumnElement[bool]]:
    events = call_events.c
    of_span = [events.kind == "answered", events.at >= span.start, events.at < span.end]
    if span.team:
        of_span.append(events.call_id.in_(select(calls.c.call_id).where(calls.c.team == span.team)))
    return of_span


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return None if end is None or end < start else (end - start).total_seconds()
