"""What came of suggestions in a stretch of time, counted in the ledger: never by agent, and in bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from linewise.core.clock import as_utc
from linewise.ledger.call_tables import calls
from linewise.ledger.contacts import SPOKEN_CHANNELS
from linewise.ledger.duty_tables import reviews
from linewise.ledger.events import ANSWERS
from linewise.ledger.outcome_tables import outcomes

__all__ = [
    "Answered", "Override", "Reason", "Span", "answered_calls", "naive", "overrides", "reasons", "spoken_in",
    "standing_answers", "teams", "told_count",
]  # fmt: skip

LONGEST = timedelta(days=2)
"""So long after its call something may still be told of it and count for its team."""

IN_ORDER = tuple(sorted(ANSWERS))
WITH_REASON = ("declined", "not_pitched", "postponed")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until before `end`, by the bank's clock; team: its calls alone, all where it is empty."""

    start: datetime
    end: datetime
    team: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many actions of a bucket (its place among the edges) were first answered in it and stand answered so."""

    bucket: int
    offer_id: str
    answer: str
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """How often an answer came with a reason, also where another one stands since."""

    answer: str
    reason_code: str
    count: int


@dataclass(frozen=True, slots=True)
class Override:
    """How often people let through what rules had withheld, by action; of how many that they looked at."""

    action_id: str
    approved_count: int
    count: int


def naive(moment: datetime) -> datetime:
    """As columns without a zone keep it."""
    return as_utc(moment).replace(tzinfo=None)


def spoken_in(span: Span) -> ColumnElement[bool]:
    """Outcomes of that time where a person spoke; of a team those of its calls."""
    told = outcomes.c.occurred_at
    # What an agent spoke of and the customer orders on a page of their own is still of that call.
    is_spoken = or_(outcomes.c.channel.in_(SPOKEN_CHANNELS), outcomes.c.agent_id != "")
    within = and_(told >= naive(span.start), told < naive(span.end), is_spoken)
    if not span.team:
        return within
    rang = calls.c.rang_at
    of_team = select(calls.c.call_id).where(calls.c.team == span.team, rang >= span.start - LONGEST, rang < span.end)
    return and_(within, outcomes.c.call_id.in_(of_team))


def standing_answers(connection: Connection, span: Span, edges: Sequence[datetime]) -> Sequence[Answered]:
    """The answers that stand, by the bucket of the first answer to the action: of an action the last one counts.

    edges: the ends of the buckets, rising; the last one is the end of the span.
    """
    # The last answer and its place in one number, so that one grouping finds both.
    code = case({name: place for place, name in enumerate(IN_ORDER)}, value=outcomes.c.outcome)
    latest = func.max(outcomes.c.sequence * len(IN_ORDER) + code).label("latest")
    first = func.min(outcomes.c.occurred_at, type_=outcomes.c.occurred_at.type).label("first")
    actions = (
        select(outcomes.c.offer_id, latest, first)
        .where(outcomes.c.outcome.in_(IN_ORDER), spoken_in(span))
        .group_by(outcomes.c.decision_id, outcomes.c.offer_id)
        .subquery()
    )
    bucket = case(*((actions.c.first < naive(edge), place) for place, edge in enumerate(edges)), else_=len(edges))
    of = (bucket, actions.c.offer_id, actions.c.latest % len(IN_ORDER))
    return [
        Answered(row[0], row[1], IN_ORDER[row[2]], row[3])
        for row in connection.execute(select(*of, func.count()).group_by(*of).order_by(*of))
    ]


def told_count(connection: Connection, span: Span, outcome: str) -> int:
    """How often that was told: of each action at most once a call."""
    query = select(func.count()).where(outcomes.c.outcome == outcome, outcomes.c.repeat_number == 0, spoken_in(span))
    return int(connection.execute(query).scalar_one())


def reasons(connection: Connection, span: Span) -> Sequence[Reason]:
    """Why customers declined or postponed, and why agents did not put something forward."""
    of = (outcomes.c.outcome, outcomes.c.reason_code)
    query = select(*of, func.count()).where(
        outcomes.c.outcome.in_(WITH_REASON), outcomes.c.reason_code != "", spoken_in(span)
    )
    return [Reason(*row) for row in connection.execute(query.group_by(*of).order_by(*of))]


def answered_calls(connection: Connection, span: Span) -> int:
    """How many calls of that time were answered."""
    query = select(func.count()).where(
        calls.c.rang_at >= span.start, calls.c.rang_at < span.end, calls.c.answered_at.is_not(None)
    )
    return int(connection.execute(query.where(calls.c.team == span.team) if span.team else query).scalar_one())


def teams(connection: Connection, span: Span) -> Sequence[str]:
    """The teams that had calls in that time, in order of name."""
    query = select(calls.c.team).where(calls.c.rang_at >= span.start, calls.c.rang_at < span.end, calls.c.team != "")
    return list(connection.execute(query.distinct().order_by(calls.c.team)).scalars())


def overrides(connection: Connection, span: Span) -> Sequence[Override]:
    """What reviewers decided in that time of what rules had sent to a person, by action; of all teams."""
    of = reviews.c.action_id
    approved = func.sum(case((reviews.c.is_override, 1), else_=0))
    query = (
        select(of, approved, func.count())
        .where(reviews.c.at >= naive(span.start), reviews.c.at < naive(span.end))
        .group_by(of)
        .order_by(of)
    )
    return [Override(*row) for row in connection.execute(query)]
