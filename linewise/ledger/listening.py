"""For quality listening: how agents handle what they record, beside their peers, and the calls that it is heard in.

What is counted by agent here is no success and no failure in selling, goes no further than to the question which calls
somebody should listen to, and is shown beside nobody's name.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, select

from linewise.core.clock import as_utc
from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.team_tallies import Span, naive, spoken_in

__all__ = ["SIGNS", "CallToHear", "Handled", "calls_by_lot", "calls_with", "handled_by_agent"]

SIGNS = ("postponed_never_ordered", "customer_asked")
"""What may be a sign of gaming: "not now" that leads to nothing, requests that customers are said to have made."""

RIPE = timedelta(days=14)
"""A "not now" may become an order within so long; younger ones are not judged."""


@dataclass(frozen=True, slots=True)
class Handled:
    """So many calls or answers with a sign, of so many in which it could be."""

    count: int
    of_count: int


@dataclass(frozen=True, slots=True)
class CallToHear:
    """A call that somebody should listen to, when it was, and why; whose it was is not said."""

    call_id: str
    at: datetime
    why: str


def handled_by_agent(connection: Connection, span: Span) -> Mapping[str, Mapping[str, Handled]]:
    """By sign and agent; for the funnel alone."""
    return {"postponed_never_ordered": _postponed(connection, span), "customer_asked": _asked(connection, span)}


def _postponed(connection: Connection, span: Span) -> Mapping[str, Handled]:
    agent, ordered = outcomes.c.agent_id, _ordered(span)
    never = case((_is_ordered_later(ordered), 0), else_=1)
    query = (
        select(agent, func.sum(never), func.count())
        .select_from(outcomes.outerjoin(ordered, _of_same_customer(ordered)))
        .where(_is_postponed(span), agent != "")
        .group_by(agent)
    )
    return {row[0]: Handled(int(row[1]), int(row[2])) for row in connection.execute(query)}


def _is_postponed(span: Span) -> ColumnElement[bool]:
    ripe = Span(span.start, max(span.start, span.end - RIPE), span.team)
    return and_(outcomes.c.outcome == "postponed", spoken_in(ripe))


def _ordered(span: Span) -> Subquery:
    """The latest order of each customer and group since the span began: read once, not behind each answer."""
    told = outcomes.alias("told").c
    of = (told.customer_id, told.offer_group)
    latest = func.max(told.occurred_at).label("latest")
    return (
        select(*of, latest)
        .where(told.outcome == "ordered", told.occurred_at >= naive(span.start))
        .group_by(*of)
        .subquery()
    )


def _of_same_customer(ordered: Subquery) -> ColumnElement[bool]:
    return and_(ordered.c.customer_id == outcomes.c.customer_id, ordered.c.offer_group == outcomes.c.offer_group)


def _is_ordered_later(ordered: Subquery) -> ColumnElement[bool]:
    """Whether the customer took the same kind of thing after all, wherever."""
    return and_(ordered.c.latest.is_not(None), ordered.c.latest >= outcomes.c.occurred_at)


def _asked(connection: Connection, span: Span) -> Mapping[str, Handled]:
    rang = calls.c.rang_at
    of_span = [rang >= span.start, rang < span.end, calls.c.answered_at.is_not(None), calls.c.agent_id != ""]
    if span.team:
        of_span.append(calls.c.team == span.team)
    every = select(calls.c.agent_id, func.count()).where(*of_span).group_by(calls.c.agent_id)
    asked = (
        select(calls.c.agent_id, func.count(call_events.c.call_id.distinct()))
        .select_from(call_events.join(calls, calls.c.call_id == call_events.c.call_id))
        .where(*of_span, *_request_events(span))
        .group_by(calls.c.agent_id)
    )
    with_sign = {row[0]: int(row[1]) for row in connection.execute(asked)}
    return {row[0]: Handled(with_sign.get(row[0], 0), int(row[1])) for row in connection.execute(every)}


def _request_events(span: Span) -> Sequence[ColumnElement[bool]]:
    events = call_events.c
    # What would be if is no request; a request may be told a while after its call rang.
    is_request = events.details.not_like('%"is_what_if": true%')
    return [events.kind == "asked", events.at >= span.start, events.at < span.end + timedelta(hours=4), is_request]


def calls_with(connection: Connection, span: Span, sign: str, agents: Collection[str], most: int) -> list[CallToHear]:
    """The latest calls of these agents that bear the sign."""
    if not agents:
        return []
    if sign == "postponed_never_ordered":
        told, ordered = outcomes.c, _ordered(span)
        latest = func.max(told.occurred_at, type_=told.occurred_at.type)
        query = (
            select(told.call_id, latest)
            .select_from(outcomes.outerjoin(ordered, _of_same_customer(ordered)))
            .where(_is_postponed(span), ~_is_ordered_later(ordered), told.agent_id.in_(agents), told.call_id != "")
            .group_by(told.call_id)
            .order_by(latest.desc(), told.call_id)
        )
        return [CallToHear(row[0], as_utc(row[1]), sign) for row in connection.execute(query.limit(most))]
    asked = (
        select(calls.c.call_id, calls.c.rang_at)
        .join(call_events, call_events.c.call_id == calls.c.call_id)
        .where(calls.c.agent_id.in_(agents), *_request_events(span))
        .distinct()
        .order_by(calls.c.rang_at.desc(), calls.c.call_id)
    )
    return [CallToHear(row.call_id, row.rang_at, sign) for row in connection.execute(asked.limit(most))]


def calls_by_lot(connection: Connection, span: Span, call_count: int, most: int, seed: int) -> list[CallToHear]:
    """Some of the answered calls of the span, of which there are `call_count`, drawn by their place in it.

    With them among the others it says nothing yet that a call is on the list.
    """
    rang = calls.c.rang_at
    of_span = [rang >= span.start, rang < span.end, calls.c.answered_at.is_not(None)]
    if span.team:
        of_span.append(calls.c.team == span.team)
    ordered = select(calls.c.call_id, rang).where(*of_span).order_by(rang)
    places = {((seed + place) * 2_654_435_761) % call_count for place in range(min(most, call_count))}
    found = [row for place in sorted(places) for row in connection.execute(ordered.limit(1).offset(place))]
    return [CallToHear(row.call_id, row.rang_at, "by_lot") for row in found]
