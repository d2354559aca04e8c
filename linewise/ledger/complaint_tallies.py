"""Complaints as they came, each with its reason, what it is about and the rules that had a say in it: few beside calls.

Two sources: what is told of an order or an offer within 30 days (`complaint_within_30d`), and what is marked in a call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from linewise.core.clock import as_utc
from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.duty_tables import duties
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.team_tallies import Span, naive

__all__ = ["Complaint", "complaints", "marked_complaints"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint: when, about which action, why as the customer says, and the rules whose duties it stood under."""

    at: datetime
    offer_id: str
    reason_code: str
    rule_ids: tuple[str, ...]


def complaints(connection: Connection, span: Span) -> Sequence[Complaint]:
    """The complaints about suggestions of that time, in order; a rule is what the decision owed a duty by."""
    at = outcomes.c.occurred_at
    about = and_(
        duties.c.decision_id == outcomes.c.decision_id,
        duties.c.action_id == outcomes.c.offer_id,
        # The duty to answer the complaint is opened by it, and is no reason for it.
        duties.c.opened_at < at,
    )
    query = (
        select(outcomes.c.sequence, at, outcomes.c.offer_id, outcomes.c.reason_code, duties.c.rule_id)
        .select_from(outcomes.outerjoin(duties, about))
        .where(outcomes.c.outcome == "complaint_within_30d", at >= naive(span.start), at < naive(span.end))
        .order_by(outcomes.c.sequence, duties.c.rule_id)
    )
    if span.team:
        query = query.where(outcomes.c.call_id.in_(select(calls.c.call_id).where(calls.c.team == span.team)))
    found: dict[int, tuple[datetime, str, str, dict[str, None]]] = {}
    for row in connection.execute(query):
        _, _, _, rules = found.setdefault(row.sequence, (as_utc(row.occurred_at), row.offer_id, row.reason_code, {}))
        if row.rule_id:
            rules[row.rule_id] = None
    return [Complaint(at, offer_id, reason, tuple(rules)) for at, offer_id, reason, rules in found.values()]


def marked_complaints(connection: Connection, span: Span) -> Sequence[datetime]:
    """When calls of that time were marked as a complaint, each call once, in order."""
    events = call_events.c
    query = select(events.call_id, events.at).where(
        events.kind == "flagged", events.at >= span.start, events.at < span.end, events.details.contains('"complaint"')
    )
    if span.team:
        query = query.where(events.call_id.in_(select(calls.c.call_id).where(calls.c.team == span.team)))
    first: dict[str, datetime] = {}
    for row in connection.execute(query.order_by(events.at)):
        first.setdefault(row.call_id, row.at)
    return sorted(first.values())
