"""The vocabulary of a call: the kinds of event, who may tell of which and when, and what each carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from linewise.core.errors import Conflict, UsageError
from linewise.ledger.events import EVENTS

__all__ = [
    "CALLER_ROLES",
    "CALL_REASONS",
    "COMPLAINT_REASONS",
    "DIRECTIONS",
    "FLAGS",
    "KINDS",
    "SOURCES",
    "STICKING_FLAGS",
    "TONES",
    "CallPhase",
    "CallReason",
    "Flag",
    "Kind",
    "Source",
    "Tone",
    "enforce_kind",
    "enforce_phase",
]

Tone = Literal["calm", "hurried", "upset"]
TONES: tuple[Tone, ...] = get_args(Tone)
"""Of the customer, never of the agent."""

CallReason = Literal["balance", "bill", "limit", "card", "loan", "payment_difficulty", "complaint", "other"]
CALL_REASONS: tuple[CallReason, ...] = get_args(CallReason)

COMPLAINT_REASONS = EVENTS["complaint_within_30d"]
"""Why a customer complains in a call: the reasons of a complaint about a suggestion, so that both count together."""

DIRECTIONS = ("inbound", "outbound")

CALLER_ROLES = ("customer", "supplementary", "third_person")
"""Who speaks: the holder of the account, one who holds a supplementary card of it, somebody else."""

Flag = Literal[
    "complaint", "fraud", "lost_card", "dispute", "hardship", "bereavement", "vulnerable", "third_person", "wants_human"
]
FLAGS: tuple[Flag, ...] = get_args(Flag)
"""What is marked in a call and changes how the customer is served."""

STICKING_FLAGS: frozenset[Flag] = frozenset(FLAGS) - {"hardship", "wants_human"}
"""What holds until the call ends, also where the mark is taken back: sales that were withdrawn do not come back.

Hardship may be a slip of the hand, and what follows from it is help and no sale; a wish for a person may pass.
"""

Source = Literal["telephony", "agent", "service"]
SOURCES: tuple[Source, ...] = get_args(Source)

CallPhase = Literal["ringing", "answered", "ended"]

Kind = Literal[
    "ringing", "answered", "transferred", "verified", "verification_lowered", "reason", "tone", "flagged", "unflagged",
    "need_resolved", "asked", "decided", "not_decided", "own_act", "wrap_up_saved", "ended",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may tell of an event, in which phases of the call, and which details it must carry."""

    sources: tuple[Source, ...]
    phases: tuple[CallPhase, ...]
    needs: tuple[str, ...] = ()


ANYBODY: tuple[Source, ...] = ("telephony", "agent")
LIVE: tuple[CallPhase, ...] = ("ringing", "answered")

KINDS: Mapping[str, Terms] = {
    "ringing": Terms(("telephony",), ()),
    "answered": Terms(ANYBODY, ("ringing",)),
    "transferred": Terms(("telephony",), LIVE),
    # The agent may lower what telephony says of the caller, and never raise it.
    "verified": Terms(("telephony",), LIVE),
    "verification_lowered": Terms(ANYBODY, LIVE),
    "reason": Terms(ANYBODY, LIVE, ("reason",)),
    "tone": Terms(ANYBODY, LIVE, ("tone",)),
    "flagged": Terms(ANYBODY, LIVE, ("flag",)),
    "unflagged": Terms(ANYBODY, LIVE, ("flag",)),
    "need_resolved": Terms(("agent",), ("answered",)),
    "asked": Terms(("agent",), ("answered",), ("what",)),
    "decided": Terms(("service",), LIVE, ("decision_id", "basis")),
    "not_decided": Terms(("service",), LIVE, ("why", "basis")),
    # What became of an order that waits for the customer; it may come long after the call.
    "own_act": Terms(("service",), ("ringing", "answered", "ended"), ("act_id", "state")),
    "wrap_up_saved": Terms(("agent",), ("answered", "ended")),
    "ended": Terms(ANYBODY, LIVE),
}
"""Each kind of event; `ringing` begins the call and is no event of one that is there."""

WORDS: Mapping[str, tuple[str, ...]] = {"reason": CALL_REASONS, "tone": TONES, "flag": FLAGS}


def enforce_kind(kind: str, source: str, details: Mapping[str, Any]) -> None:
    """Raise UsageError for an unknown event, one that is not its source's to tell, or details that are not its own."""
    if kind not in KINDS:
        raise UsageError(f"The event {kind!r} is unknown.", f"One of {', '.join(KINDS)} was expected.")
    terms = KINDS[kind]
    if source not in terms.sources:
        raise UsageError(
            f"The event {kind!r} came from {source!r}.", f"It is for {' or '.join(terms.sources)} alone to tell."
        )
    for name in terms.needs:
        if details.get(name) in (None, ""):
            raise UsageError(f"The event {kind!r} came without {name!r}.")
    for name, known in WORDS.items():
        if name in terms.needs and details[name] not in known:
            raise UsageError(f"The {name} {details[name]!r} is unknown.", f"One of {', '.join(known)} was expected.")
    _enforce_complaint(kind, details)


def _enforce_complaint(kind: str, details: Mapping[str, Any]) -> None:
    said = details.get("complaint")
    if said is None:
        return
    if kind != "flagged" or details["flag"] != "complaint":
        raise UsageError(
            "What a complaint is about came without its mark.", "It belongs to the mark 'complaint' alone."
        )
    if said.get("reason_code") and said["reason_code"] not in COMPLAINT_REASONS:
        raise UsageError(
            f"The reason {said['reason_code']!r} of a complaint is unknown.",
            f"One of {', '.join(COMPLAINT_REASONS)}, or none, was expected.",
        )


def enforce_phase(kind: str, phase: CallPhase, call_id: str) -> None:
    """Raise Conflict where an event comes too early or too late in its call."""
    if phase in KINDS[kind].phases:
        return
    if phase == "ended":
        raise Conflict(
            f"The call {call_id!r} has ended, and {kind!r} came after it.",
            "After the end only a wrap-up is saved, and what the customer does themselves.",
        )
    expected = " or ".join(KINDS[kind].phases)
    raise Conflict(f"The event {kind!r} came while the call {call_id!r} was {phase}.", f"It belongs to one {expected}.")
