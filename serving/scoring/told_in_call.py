"""From what was told in a call to what a decision takes of it; and whether a former decision still knew it all."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linewise.core.errors import Conflict
from linewise.ledger.call_state import CallState
from serving.scoring.call import Call

__all__ = ["WITHDRAWING_FLAGS", "Basis", "basis_of", "call_as_told", "enforce_not_withdrawn"]

FRAUD = frozenset({"fraud", "lost_card", "dispute"})
SPECIALIST = frozenset({"bereavement", "vulnerable"})
WITHDRAWING_FLAGS = FRAUD | SPECIALIST | {"complaint", "hardship", "third_person"}
"""Marks of a call upon which nothing is for sale in it any more."""

WITHDRAWING = (
    "has_voiced_complaint", "has_reported_fraud", "needs_specialist", "has_signalled_hardship",
    "is_third_person_calling",
)  # fmt: skip
"""What a call may tell that takes sales away, by its names in the context of a decision."""


def call_as_told(state: CallState) -> tuple[Call, bool]:
    """What a decision takes of a call, and whether the customer is on the line and was verified.

    Whoever holds a supplementary card is not the customer whose limit and debt these are.
    """
    told = state.withheld
    is_other = state.caller_role != "customer" or "third_person" in told
    call = Call(
        call_id=state.call.call_id,
        agent_id=state.call.agent_id,
        reason=state.reason,
        tone=state.tone,
        is_outbound=state.call.direction == "outbound",
        is_third_person_calling=is_other,
        has_voiced_complaint="complaint" in told,
        has_signalled_hardship="hardship" in told,
        has_asked_for_human="wants_human" in told,
        has_reported_fraud=not FRAUD.isdisjoint(told),
        needs_specialist=not SPECIALIST.isdisjoint(told),
    )
    return call, state.is_identity_verified and not is_other


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a call is decided: digests of what takes sales away, and of everything else that was told.

    Where the first has changed, nothing that was decided before may be shown any more.
    """

    withdrawing: str
    other: str

    @classmethod
    def parsed(cls, text: str) -> "Basis":
        """From what str() wrote; two empty ones for an empty text."""
        withdrawing, _, other = text.partition(".")
        return cls(withdrawing, other)

    def __str__(self) -> str:
        return f"{self.withdrawing}.{self.other}"


def basis_of(state: CallState, decline_count: int, price_band: int) -> Basis:
    """The basis of the call as it stands.

    decline_count: how often the customer has said no in it; price_band: how dear a second of the agent's time is.
    """
    call, is_verified = call_as_told(state)
    withdrawing = [is_verified, *(getattr(call, name) for name in WITHDRAWING)]
    other = [call.reason, call.tone, call.has_asked_for_human, state.call.language, decline_count, price_band]
    return Basis(_digest(withdrawing), _digest(other))


def _digest(told: list[Any]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def enforce_not_withdrawn(state: CallState, context: Mapping[str, Any]) -> None:
    """Raise Conflict where the call has told since what would have taken this decision's sales away.

    context: of the decision, as its record keeps it. What was marked holds for the whole call.
    """
    call, is_verified = call_as_told(state)
    new = [name for name in WITHDRAWING if getattr(call, name) and not context.get(name)]
    if context.get("is_identity_verified") and not is_verified:
        new.append("is_identity_verified")
    if new:
        raise Conflict(
            f"What was suggested in the call {state.call.call_id!r} is withdrawn: {', '.join(sorted(new))}.",
            "Nothing that was decided before is taken any more in this call.",
            "Help the customer; what is possible now stands in the call's latest decision.",
        )
