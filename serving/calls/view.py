"""A call as its screen sees it: who calls and how, what is marked, what may be suggested now, and why nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linewise.ledger.call_state import CallState
from serving.calls.words import Why, why_in_words
from serving.scoring.outcomes import actions_for_sale
from serving.scoring.told_in_call import Basis, call_as_told

__all__ = ["Found", "call_view", "view_without_record", "why_nothing"]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a call's decisions: of the bank's proposal, and of the latest request; each an agent view.

    is_late: the proposal was waited for as long as anybody waits. prepared_id: of last night's offers, where they stand
    in as the proposal.
    """

    proposal: Mapping[str, Any] | None = None
    request: Mapping[str, Any] | None = None
    is_late: bool = False
    prepared_id: str = ""
    is_gone: bool = False


def is_withdrawn(state: CallState) -> bool:
    """Whether what was told in the call takes sales away for the rest of it."""
    call, _ = call_as_told(state)
    return call.has_voiced_complaint or call.has_reported_fraud or call.needs_specialist or call.has_signalled_hardship


def why_nothing(state: CallState, basis: Basis, found: Found) -> Why | None:
    """Why nothing is to be sold at this moment of the call; None where something may be put forward."""
    _, is_verified = call_as_told(state)
    is_decided = Basis.parsed(state.basis).withdrawing == basis.withdrawing and bool(state.decision_id)
    is_decided = is_decided or bool(found.prepared_id)
    for holds, why in (
        (state.call.phase == "ended", "ended"),
        (is_withdrawn(state), "withdrawn"),
        (not is_verified, "unverified"),
        (found.is_gone, "gone"),
        (not is_decided and state.not_decided_on == str(basis), state.not_decided),
        (not is_decided and found.is_late, "late"),
        (not is_decided or found.proposal is None, "deciding"),
        (not state.is_need_resolved, "after_service"),
        (found.proposal is not None and not actions_for_sale(found.proposal), "none"),
    ):
        if holds:
            return why  # type: ignore[return-value]  # what was noted is one of these words
    return None


def call_view(state: CallState, basis: Basis, found: Found, language: str) -> dict[str, Any]:
    """The view as JSON.

    `decision` is the agent view of what was decided on the call as it stands, also while its sales wait for the
    service to be done (`why` says so); one that was decided before sales were taken away is not shown any more.
    """
    call = state.call
    why = why_nothing(state, basis, found)
    decided_on = Basis.parsed(state.basis)
    is_shown = decided_on.withdrawing == basis.withdrawing or call.phase == "ended" or bool(found.prepared_id)
    decision_id = found.prepared_id or state.decision_id
    latest = state.requests[-1] if state.requests else None
    return {
        "call_id": call.call_id,
        "customer_id": call.customer_id,
        "phase": call.phase,
        "agent_id": call.agent_id,
        "team": call.team,
        "queue": call.queue,
        "channel": call.channel,
        "direction": call.direction,
        "language": language,
        **{name: _moment(getattr(call, name)) for name in ("rang_at", "answered_at", "ended_at")},
        "is_identity_verified": state.is_identity_verified,
        "caller_role": state.caller_role,
        "reason": state.reason,
        "reason_confidence": state.reason_confidence,
        "tone": state.tone,
        "flags": sorted(state.marked),
        "withheld": sorted(state.withheld),
        "is_need_resolved": state.is_need_resolved,
        "is_wrapped_up": state.is_wrapped_up,
        "event_number": state.last,
        "may_offer": why is None,
        "why": why,
        "says": None if why is None else _says(why, found, language),
        "is_current": state.basis == str(basis),
        "prepared_at": found.proposal["prepared_at"] if found.prepared_id and found.proposal else None,
        "decision_id": decision_id if is_shown and decision_id else None,
        "decision": found.proposal if is_shown else None,
        "requests": [
            {
                "event_id": one.event_id,
                "decision_id": one.decision_id or None,
                "is_current": Basis.parsed(one.basis).withdrawing == basis.withdrawing,
            }
            for one in state.requests
        ],
        "request": found.request
        if latest is not None and Basis.parsed(latest.basis).withdrawing == basis.withdrawing
        else None,
    }


def _says(why: Why, found: Found, language: str) -> str:
    if why == "none" and found.proposal is not None:
        # What a rule says of it is nearer to the matter than that there is nothing.
        return str(found.proposal.get("offers_none_because") or why_in_words(why, language))
    return why_in_words(why, language)


def _moment(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def view_without_record(call_id: str, why: Why, language: str) -> dict[str, Any]:
    """What can be said of a call whose record cannot be read: that there is service, and no credit."""
    return {
        "call_id": call_id,
        "may_offer": False,
        "why": why,
        "says": why_in_words(why, language),
        "decision_id": None,
        "decision": None,
        "request": None,
    }
