"""The calls and the customer's own acts in a case file: what was told when and by whom, without what decides inside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from linewise.ledger.calls import PhoneCall, Told, calls_of_customer, events_of_call, find_call
from linewise.ledger.one_time_codes import codes_of
from linewise.ledger.own_acts import OwnAct, acts_of_decision
from linewise.ledger.store import Ledger

__all__ = ["call_of_case", "calls_of_case", "own_acts_of_case"]

MOST_CALLS = 1_000

TOLD: Mapping[str, tuple[str, ...]] = {
    "reason": ("reason",),
    "tone": ("tone",),
    "flagged": ("flag",),
    "unflagged": ("flag",),
    "asked": ("what", "amount_amt", "action_id"),
    "decided": ("decision_id",),
    "not_decided": ("why",),
    "own_act": ("action_id", "state"),
    "wrap_up_saved": ("outcome", "reason", "note", "follow_up_on"),
}
"""What is told of each kind of event; prices of an agent's time and what a decision was made on are no customer's."""


def calls_of_case(ledger: Ledger, customer_id: str) -> list[dict[str, Any]]:
    """The calls of a customer that are kept, the latest first, each with its events."""
    return [_call(ledger, one) for one in calls_of_customer(ledger, customer_id, MOST_CALLS)]


def call_of_case(ledger: Ledger, call_id: str) -> list[dict[str, Any]]:
    """The one call of a decision, where it was told of."""
    with ledger.engine.connect() as connection:
        call = find_call(connection, call_id)
    return [] if call is None else [_call(ledger, call)]


def own_acts_of_case(ledger: Ledger, decision_id: str) -> list[dict[str, Any]]:
    """The customer's own acts upon a decision: sent, opened and ended when and how."""
    with ledger.engine.connect() as connection:
        acts = acts_of_decision(connection, decision_id)
        return [_act(one) | {"codes": codes_of(connection, one)} for one in acts]


def _call(ledger: Ledger, call: PhoneCall) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "channel": call.channel,
        "direction": call.direction,
        "agent_id": call.agent_id,
        "is_identity_verified": call.is_identity_verified,
        **{name: _text(getattr(call, name)) for name in ("rang_at", "answered_at", "ended_at")},
        "events": [_event(one) for one in events_of_call(ledger, call.call_id)],
    }


def _event(told: Told) -> dict[str, Any]:
    kept = {name: told.details[name] for name in TOLD.get(told.kind, ()) if told.details.get(name) not in (None, "")}
    return {"at": _text(told.at), "what": told.kind, "by": told.agent_id or told.source, "said": kept}


def _act(act: OwnAct) -> dict[str, Any]:
    moments: Sequence[tuple[str, datetime | None]] = [
        ("opened_at", act.opened_at),
        ("valid_until", act.valid_until),
        ("seen_at", act.seen_at),
        ("ended_at", act.ended_at),
    ]
    return {
        "action_id": act.action_id,
        **{name: _text(moment) for name, moment in moments},
        "ended_as": act.ended_as,
        "way": act.way,
        "reference": act.reference,
        "terms_hash": act.terms_hash,
        "agent_id": act.agent_id,
        "call_id": act.call_id,
    }


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")
