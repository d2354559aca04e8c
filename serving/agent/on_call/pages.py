"""The pages of a call: it is shown, told of by buttons, asked in, answered in and wrapped up."""

from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Response

from linewise.core.actions import group_of_action
from linewise.core.errors import Conflict, UnknownDecision, UsageError
from linewise.ledger.calls import events_of_call
from serving.access.caller import Caller, needing
from serving.agent.answers import Answer, answers_by_offer, enforce_shown, problem_with
from serving.agent.csrf import enforce_token
from serving.agent.on_call import words
from serving.agent.on_call.acts import OF_COMPLAINT, amount_of, event_of
from serving.agent.on_call.asking import asked_of, what_ifs_left
from serving.agent.on_call.room import MOVED_ON, NOT_YOURS, Room
from serving.agent.on_call.screen import Typed
from serving.agent.on_call.taking import title_of
from serving.agent.on_call.wrapping_up import WrapUpForm
from serving.agent.places import see
from serving.agent.wording import ANSWERS, N_, OTHER
from serving.scoring.outcomes import actions_shown

__all__ = ["router"]

router = APIRouter()

InCall = Annotated[Room, Depends(Room)]
Teller = Annotated[Caller, Depends(needing("calls:write"))]
Reader = Annotated[Caller, Depends(needing("calls:read"))]
Word = Annotated[str, Form(max_length=500)]

WITH_TOKEN = [Depends(enforce_token)]

RECORDED = N_("Recorded.")
NO_MORE_WHAT_IFS = N_("Not asked: three such questions a call are the most. Ask for what the customer really wants.")
NO_AMOUNT = N_("Not asked: type the amount as a number, or leave it out.")
INCOMPLETE = N_("Not recorded: the form was not complete.")

KINDS_OF_BUTTONS = frozenset({
    "answered", "verification_lowered", "reason", "tone", "flagged", "unflagged", "need_resolved", "ended",
    OF_COMPLAINT,
})  # fmt: skip


@dataclass(frozen=True)
class AskedFields:
    """The form of a request, as typed."""

    what: Word = ""
    amount: Word = ""
    is_what_if: Word = ""
    form: Word = ""


@dataclass(frozen=True)
class AnswerFields:
    """The form of an answer, as typed."""

    offer_id: Annotated[str, Form()]
    outcome: Annotated[str, Form()]
    reason_code: Annotated[str, Form()] = ""
    note: Annotated[str, Form()] = ""


@dataclass(frozen=True)
class WrapUpFields:
    """The form of a wrap-up, as typed; offer_ids: of what was on the screen and not spoken of, by its decision."""

    outcome: Word = ""
    reason: Word = ""
    note: Annotated[str, Form(max_length=5000)] = ""
    follow_up_on: Word = ""
    not_pitched: Word = ""
    sends_confirmation: Word = ""
    decision_id: Word = ""
    offer_ids: Annotated[list[str], Form()] = field(default_factory=list)
    form: Word = ""


@router.get("/calls/{call_id}")
def call_page(room: InCall, agent: Reader) -> Response:
    """The call as it stands, and what may be suggested in it."""
    view, asked = room.opened(agent)
    return asked or room.page(view, _notice(room, view))


@router.post("/calls/{call_id}", dependencies=WITH_TOKEN)
def call_page_for_a_reason(room: InCall, agent: Reader, reason: Word = "") -> Response:
    """The same page, for who said why they open it."""
    _, asked = room.opened(agent, reason)
    return asked or room.show()


def _notice(room: Room, view: dict[str, Any]) -> str:
    """What confirms the act that has just been sent."""
    query = room.request.query_params
    offer_id, decision_id = query.get("answered", ""), query.get("of", "")
    if not offer_id or not decision_id:
        return room.say(RECORDED) if "told" in query else ""
    try:
        decision = room.desk.decision_for_agent(decision_id)
    except UnknownDecision:
        return ""
    if decision["customer_id"] != view["customer_id"]:
        return ""
    answer = answers_by_offer(room.desk.outcomes_of(decision_id)).get(offer_id)
    if answer is None:
        return ""
    title = title_of(decision, offer_id) or room.say(words.ACTIONS.get(group_of_action(offer_id) or "", OTHER))
    said = room.say(ANSWERS[answer["outcome"]])
    return room.say(N_("Recorded: %(title)s, %(answer)s."), title=title, answer=said)


@router.post("/calls/{call_id}/acts", dependencies=WITH_TOKEN)
def act(
    room: InCall,
    agent: Teller,
    act: Annotated[str, Form(max_length=128)],
    form: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """What one button says of the call: told once, however often it is pressed."""
    view, asked = room.opened(agent)
    if asked is not None:
        return asked
    if view["agent_id"] not in {"", agent.name}:
        return room.refused(NOT_YOURS)
    if act.partition(":")[0] not in KINDS_OF_BUTTONS:
        raise UsageError(f"The act {act!r} is none of the screen of a call.", "One of its buttons was expected.")
    try:
        room.calls.tell(room.call_id, event_of(agent.name, form, act).as_told(room.call_id, room.calls.now()))
    except Conflict:
        return room.refused(MOVED_ON)
    return room.show(told="1")


@router.post("/calls/{call_id}/asked", dependencies=WITH_TOKEN)
def ask(room: InCall, agent: Teller, typed: Annotated[AskedFields, Depends()]) -> Response:
    """What the customer asks for: decided at once, with a reason that may be said."""
    _, not_opened = room.opened(agent)
    if not_opened is not None:
        return not_opened
    calls, again = room.calls, Typed(asked={"what": typed.what, "amount": typed.amount})
    is_what_if = bool(typed.is_what_if)
    try:
        amount_amt = amount_of(typed.amount, calls.currency, calls.limit_step_amt if is_what_if else 1)
        asked = asked_of(typed.what, amount_amt, is_what_if=is_what_if)
        event = event_of(agent.name, typed.form, "asked", asked=asked)
        calls.tell(room.call_id, event.as_told(room.call_id, calls.now()))
    except UsageError:
        return room.refused(NO_AMOUNT, again, 422)
    except Conflict:
        is_used_up = is_what_if and not what_ifs_left(events_of_call(calls.ledger, room.call_id))
        return room.refused(NO_MORE_WHAT_IFS if is_used_up else MOVED_ON, again)
    return room.show(told="1")


@router.post("/calls/{call_id}/decisions/{decision_id}/answers", dependencies=WITH_TOKEN)
def answer_in_call(
    room: InCall,
    agent: Annotated[Caller, Depends(needing("outcomes:write"))],
    decision_id: str,
    typed: Annotated[AnswerFields, Depends()],
) -> Response:
    """What the customer answers to a suggestion; a refusal is decided upon anew."""
    view, asked = room.opened(agent)
    if asked is not None:
        return asked
    decision = room.decision_of(view, decision_id)
    answer = Answer(typed.offer_id, typed.outcome, typed.reason_code, typed.note.strip())
    enforce_shown(answer, decision | {"offers": [{"offer_id": one} for one in actions_shown(decision)]})
    if problem := problem_with(answer):
        return room.refused(problem, Typed(answer=answer), 422)
    try:
        room.desk.record_outcome(
            decision_id, answer.offer_id, answer.outcome, answer.reason_code, answer.note, agent.name, room.call_id
        )
    except Conflict:
        return room.refused(MOVED_ON)
    room.calls.heed(room.call_id)
    return room.show(answered=answer.offer_id, of=decision_id)


@router.post("/calls/{call_id}/wrap-up", dependencies=WITH_TOKEN)
def wrap_up(room: InCall, agent: Teller, typed: Annotated[WrapUpFields, Depends()]) -> Response:
    """How the call ended, and why what was on the screen was not put forward; saved again it stands as saved last."""
    view, asked = room.opened(agent)
    if asked is not None:
        return asked
    sends = bool(typed.sends_confirmation)
    as_typed = WrapUpForm(typed.outcome, typed.reason, typed.note, typed.follow_up_on, typed.not_pitched, sends)
    again = Typed(wrap_up=as_typed)
    said = {
        "outcome": typed.outcome,
        "reason": typed.reason or None,
        "note": typed.note.strip(),
        "follow_up_on": typed.follow_up_on or None,
        "sends_confirmation": sends,
    }
    try:
        event = event_of(agent.name, typed.form, "wrap_up_saved", wrap_up=said)
        room.calls.tell(room.call_id, event.as_told(room.call_id, room.calls.now()))
        for offer_id in typed.offer_ids if typed.not_pitched and typed.decision_id else ():
            room.desk.record_outcome(
                typed.decision_id, offer_id, "not_pitched", typed.not_pitched, "", agent.name, room.call_id
            )
    except UsageError:
        return room.refused(INCOMPLETE, again, 422)
    except Conflict:
        return room.refused(MOVED_ON, again)
    return (
        see(room.request, "/", urlencode({"wrapped": room.call_id}))
        if view["phase"] == "ended"
        else room.show(told="1")
    )


@router.get("/calls/{call_id}/acts")
@router.get("/calls/{call_id}/asked")
@router.get("/calls/{call_id}/wrap-up")
@router.get("/calls/{call_id}/decisions/{decision_id}/answers")
def address_of_a_form(room: InCall) -> Response:
    """Whoever opens the address that a form was sent to gets the page of that form."""
    return room.show()
