"""What an agent tells of a suggestion beside the answer: said, not said and why, read aloud, consented to."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response

from linewise.core.errors import Conflict, UsageError
from linewise.ledger.outcomes import outcomes_of_call
from linewise.ledger.reaching import reaching
from serving.access.caller import Caller, needing
from serving.agent.csrf import enforce_token
from serving.agent.on_call.room import MOVED_ON, NOT_YOURS, Room
from serving.agent.on_call.signs import SIGNS
from serving.agent.on_call.taking import taking_decisions, taking_of
from serving.agent.wording import N_
from serving.scoring.disclosures import line_name, lines_to_read
from serving.scoring.outcomes import actions_shown

__all__ = ["router"]

router = APIRouter()

InCall = Annotated[Room, Depends(Room)]
Word = Annotated[str, Form(max_length=64)]

ONLY_ON_THE_LINE = frozenset({"disclosure_read", "consent_captured"})

READ_FIRST = N_("Not recorded: the customer consents once every line has been read to them.")
NOT_ACCEPTED = N_("Not recorded: the customer has not accepted this.")


@dataclass(frozen=True)
class SignFields:
    """The form of a sign, as a button sends it; reason_code: why it was not put, or which text was read."""

    offer_id: Word
    sign: Word
    reason_code: Word = ""


@router.post("/calls/{call_id}/decisions/{decision_id}/signs", dependencies=[Depends(enforce_token)])
def sign(
    room: InCall,
    agent: Annotated[Caller, Depends(needing("outcomes:write"))],
    decision_id: str,
    typed: Annotated[SignFields, Depends()],
) -> Response:
    """One sign of one action, recorded once however often it is sent."""
    view, asked = room.opened(agent)
    if asked is not None:
        return asked
    if view["agent_id"] not in {"", agent.name}:
        return room.refused(NOT_YOURS)
    decision = room.decision_of(view, decision_id)
    if typed.sign not in SIGNS or typed.offer_id not in actions_shown(decision):
        raise UsageError(f"{typed.sign!r} of {typed.offer_id!r} is told by no button of the screen of a call.")
    if typed.sign == "disclosure_read":
        _enforce_a_line(decision, typed)
    problem = MOVED_ON if typed.sign in ONLY_ON_THE_LINE and view["phase"] != "answered" else ""
    if typed.sign == "consent_captured":
        problem = problem or _before_consent(room, decision, typed.offer_id)
    if problem:
        return room.refused(problem)
    try:
        room.desk.record_outcome(
            decision_id, typed.offer_id, typed.sign, typed.reason_code, "", agent.name, room.call_id
        )
    except Conflict:
        return room.refused(MOVED_ON)
    return room.show(told="1")


def _enforce_a_line(decision: dict[str, Any], typed: SignFields) -> None:
    # By the interface one reading may stand for all lines; here each is ticked by itself.
    names = {line_name(one) for one in lines_to_read(decision, typed.offer_id)}
    if typed.reason_code not in names:
        raise UsageError(
            f"{typed.reason_code!r} is no text that is read before {typed.offer_id!r}.",
            f"One of {', '.join(sorted(names)) or 'none'} was expected.",
        )


def _before_consent(room: Room, decision: dict[str, Any], action_id: str) -> str:
    """What is missing before the customer can consent, or an empty text."""
    with reaching():
        outcomes = outcomes_of_call(room.calls.ledger, decision["customer_id"], room.call_id)
    if action_id not in taking_decisions(outcomes).get(decision["decision_id"], ()):
        return NOT_ACCEPTED
    return "" if taking_of(decision, action_id, outcomes).is_all_read else READ_FIRST


@router.get("/calls/{call_id}/decisions/{decision_id}/signs")
def address_of_a_sign(room: InCall) -> Response:
    """Whoever opens the address that a form was sent to gets the page of that form."""
    return room.show()
