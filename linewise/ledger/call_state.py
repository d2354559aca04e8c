"""What a call has come to by its events: who calls and how it is, what is marked, what was decided in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from linewise.ledger.call_kinds import KINDS, STICKING_FLAGS
from linewise.ledger.calls import PhoneCall, Told

__all__ = ["CallState", "Request", "state_after"]

REPLACES = frozenset({"reason", "tone"})
"""Of what the last word counts."""

Said = Mapping[str, Any]
Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What the customer asked for in a call: the number of that event, and the decision on it; empty while none is."""

    number: int
    event_id: str
    decision_id: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class CallState:
    """A call as it stands after some of its events.

    marked: the flags that stand; withheld: those whose effect holds, also of a mark that was taken back.
    is_identity_verified, caller_role: as telephony says and the agent lowered. decision_id: of what the bank proposes,
    empty while nothing is decided; basis: on what it was decided; second_amt: the price of a second of the agent's
    time then, minor units. not_decided, not_decided_on: why the last attempt gave nothing, and on what basis;
    prepared_id: the decision of last night's offers that stands in meanwhile, where there is one. last: the number of
    the last event.
    """

    call: PhoneCall
    is_identity_verified: bool
    caller_role: str
    reason: str | None = None
    reason_confidence: float | None = None
    tone: str | None = None
    marked: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    is_lowered: bool = False
    is_need_resolved: bool = False
    is_wrapped_up: bool = False
    decision_id: str = ""
    basis: str = ""
    second_amt: float = 0.0
    not_decided: str = ""
    not_decided_on: str = ""
    prepared_id: str = ""
    requests: tuple[Request, ...] = ()
    last: int = 0


def state_after(call: PhoneCall, events: Sequence[Told]) -> CallState:
    """The state after these events in their order.

    A reason or tone that is told late leaves the later one standing. What an erased customer said is gone.
    """
    state = CallState(call, call.is_identity_verified, call.caller_role)
    latest: dict[tuple[str, str], Told] = {}
    for told in events:
        state = replace(state, last=told.number)
        # Of one clock alone: those of two sources may be minutes apart.
        before = latest.get((told.kind, told.source))
        if before is not None and told.kind in REPLACES and told.at < before.at:
            continue
        latest[told.kind, told.source] = told
        if told.details or not KINDS[told.kind].needs:
            state = _after(state, told)
        if told.kind == "asked":
            state = replace(state, requests=(*state.requests, Request(told.number, told.event_id)))
    return state


def _after(state: CallState, told: Told) -> CallState:
    change = CHANGES.get(told.kind)
    return state if change is None else replace(state, **change(state, told.details))


def _flagged(state: CallState, said: Said) -> Changes:
    flag = str(said["flag"])
    return {"marked": state.marked | {flag}, "withheld": state.withheld | {flag}}


def _unflagged(state: CallState, said: Said) -> Changes:
    flag = str(said["flag"])
    kept = state.withheld if flag in STICKING_FLAGS else state.withheld - {flag}
    return {"marked": state.marked - {flag}, "withheld": kept}


def _decided(state: CallState, said: Said) -> Changes:
    decision_id, basis, asked = str(said["decision_id"]), str(said["basis"]), said.get("asked")
    if not asked:
        second_amt = float(said.get("second_amt", 0.0))
        decided = {"decision_id": decision_id, "basis": basis, "second_amt": second_amt}
        return decided | {"not_decided": "", "not_decided_on": "", "prepared_id": ""}
    answered = (
        replace(one, decision_id=decision_id, basis=basis) if one.event_id == asked else one for one in state.requests
    )
    return {"requests": tuple(answered)}


CHANGES: Mapping[str, Callable[[CallState, Said], Changes]] = {
    "verified": lambda state, said: {"is_identity_verified": not state.is_lowered},
    "verification_lowered": lambda state, said: {"is_identity_verified": False, "is_lowered": True},
    "reason": lambda state, said: {"reason": said["reason"], "reason_confidence": said.get("confidence")},
    "tone": lambda state, said: {"tone": said["tone"]},
    "flagged": _flagged,
    "unflagged": _unflagged,
    "need_resolved": lambda state, said: {"is_need_resolved": True},
    "decided": _decided,
    "not_decided": lambda state, said: {
        "not_decided": str(said["why"]),
        "not_decided_on": str(said["basis"]),
        "prepared_id": str(said.get("prepared_id", "")),
    },
    "wrap_up_saved": lambda state, said: {"is_wrapped_up": True},
}
"""What each kind of event changes in what a call has come to."""
