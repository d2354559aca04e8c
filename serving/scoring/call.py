"""What a door knows of the call or visit in which a decision is asked for, and the context made of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from linewise.core.actions import temporary_days_of
from linewise.core.errors import UsageError
from linewise.decisioning.plans import KINDS
from linewise.decisioning.types import Context
from linewise.ledger.asked import Asked
from linewise.ledger.call_kinds import CALL_REASONS, TONES
from linewise.ledger.in_call import InCall

__all__ = ["CALL_REASONS", "CHANNELS", "TONES", "Call", "context_in_call", "context_of", "enforce_askable"]

CHANNELS = ("voice", "app", "web", "branch", "ivr")


@dataclass(frozen=True, slots=True)
class Call:
    """The circumstances, by the words of the telephone system and the agent; nothing is assumed that nobody said.

    tone: of the customer (TONES), never of the agent; reason: why they call (CALL_REASONS).
    is_willing_to_repay: None where nobody asked. has_reported_fraud: also a lost card or a dispute; needs_specialist: a
    bereavement or vulnerability that was marked in the call. second_amt: minor units that a second of the agent's time
    costs those who wait, by which the bank's own proposals are ranked.
    """

    call_id: str = ""
    agent_id: str = ""
    reason: str | None = None
    tone: str | None = None
    is_outbound: bool = False
    is_third_person_calling: bool = False
    has_voiced_complaint: bool = False
    has_signalled_hardship: bool = False
    has_asked_for_human: bool = False
    is_willing_to_repay: bool | None = None
    has_reported_fraud: bool = False
    needs_specialist: bool = False
    second_amt: float = 0.0

    def as_json(self) -> dict[str, str]:
        """What the record keeps of it beside the context: who and in which call."""
        return {"call_id": self.call_id, "agent_id": self.agent_id}


def _enforce_known(word: str | None, known: tuple[str, ...], what: str) -> None:
    if word is not None and word not in known:
        raise UsageError(f"The {what} {word!r} is unknown.", f"One of {', '.join(known)} was expected.")


def context_of(channel: str, now: datetime, language: str, *, verified: bool = True, explain: bool = True) -> Context:
    """The context of a request that nobody has said more about; raises UsageError for an unknown channel."""
    _enforce_known(channel, CHANNELS, "channel")
    return Context(channel, now, language, verified, explain)


def enforce_askable(asked: Asked, most_days: int) -> None:
    """Raise UsageError for a kind of plan that nobody knows, or a temporary limit for more than most_days."""
    if asked.what == "plan" and asked.action_id:
        _enforce_known(asked.action_id, KINDS, "kind of plan")
    days = temporary_days_of(asked.action_id) if asked.what == "limit" else None
    if days is not None and days > most_days:
        raise UsageError(
            f"A temporary limit of {days} days is asked for.",
            f"At most {most_days} are possible.",
            "Ask for fewer days, or for a limit that stands.",
        )


def context_in_call(context: Context, call: Call, so_far: InCall, asked: Asked | None) -> Context:
    """The context with what the call tells, what happened in it so far, and what the customer asks for.

    A request for a plan names by its action what is put into it (KINDS), or nothing.
    Raises UsageError for an unknown tone, reason or kind of plan.
    """
    if asked and asked.what == "plan" and asked.action_id:
        _enforce_known(asked.action_id, KINDS, "kind of plan")
    days = temporary_days_of(asked.action_id) if asked and asked.what == "limit" else None
    _enforce_known(call.tone, TONES, "tone")
    _enforce_known(call.reason, CALL_REASONS, "reason of the call")
    return replace(
        context,
        tone=call.tone,
        call_reason=call.reason,
        is_outbound=call.is_outbound,
        is_third_person_calling=call.is_third_person_calling,
        has_voiced_complaint=call.has_voiced_complaint,
        has_signalled_hardship=call.has_signalled_hardship,
        has_asked_for_human=call.has_asked_for_human,
        is_willing_to_repay=call.is_willing_to_repay,
        has_reported_fraud=call.has_reported_fraud,
        needs_specialist=call.needs_specialist,
        decline_count_call=so_far.decline_count,
        debt_action_count_call=so_far.debt_action_count,
        is_customer_initiated=asked is not None,
        asked_for=asked.what if asked else "",
        asked_offer_id=asked.action_id if asked and asked.what != "limit" else "",
        asked_amt=asked.amount_amt if asked else None,
        asked_plan_kind=asked.action_id if asked and asked.what == "plan" else "",
        asked_kind="permanent" if days is None else "temporary",
        asked_days=days,
    )
