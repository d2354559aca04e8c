"""Complaints as they came, each with its reason, what it is about and the rules that had a say in it: few beside calls.

Two sources: what is told of an order or an offer within 30 days (`complaint_within_30d`), and what is marked in a call.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """One complaint: when, about which action, why as the customer says, and the rules that had a say in it.

    Of an action that was put forward those are the rules whose duties it stood under, of another those that took it
    away. offer_id, reason_code: empty where nobody said; call_id: in which call it was told, empty where in none.
    """

    at: datetime
    offer_id: str
    reason_code: str
    rule_ids: tuple[str, ...]
    call_id: str = ""


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
        select(
            outcomes.c.sequence, at, outcomes.c.offer_id, outcomes.c.reason_code, outcomes.c.call_id, duties.c.rule_id
        )
        .select_from(outcomes.outerjoin(duties, about))
        .where(outcomes.c.outcome == "complaint_within_30d", at >= naive(span.start), at < naive(span.end))
        .order_by(outcomes.c.sequence, duties.c.rule_id)
    )
    if span.team:
        query = query.where(outcomes.c.call_id.in_(select(calls.c.call_id).where(calls.c.team == span.team)))
    found: dict[int, Complaint] = {}
    for row in connection.execute(query):
        first = Complaint(as_utc(row.occurred_at), row.offer_id, row.reason_code, (), row.call_id)
        one = found.setdefault(row.sequence, first)
        if row.rule_id and row.rule_id not in one.rule_ids:
            found[row.sequence] = replace(one, rule_ids=(*one.rule_ids, row.rule_id))
    return list(found.values())


def marked_complaints(connection: Connection, span: Span) -> Sequence[Complaint]:
    """The calls of that time that were marked as a complaint, each once, in order; of what it is as was said last."""
    events = call_events.c
    query = select(events.call_id, events.at, events.details).where(
        events.kind == "flagged", events.at >= span.start, events.at < span.end, events.details.contains('"complaint"')
    )
    if span.team:
        query = query.where(events.call_id.in_(select(calls.c.call_id).where(calls.c.team == span.team)))
    found: dict[str, Complaint] = {}
    for row in connection.execute(query.order_by(events.at, events.sequence)):
        one = found.setdefault(row.call_id, Complaint(row.at, "", "", (), row.call_id))
        if said := json.loads(row.details).get("complaint"):
            rules = tuple(said.get("rule_ids", ()))
            about, reason = said.get("about", ""), said.get("reason_code", "")
            found[row.call_id] = replace(one, offer_id=about, reason_code=reason, rule_ids=rules)
    return sorted(found.values(), key=lambda one: one.at)
