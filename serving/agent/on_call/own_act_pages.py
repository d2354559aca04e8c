"""The forms of the customer's own act on the screen of a call: a code that is sent, a code that is read back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from linewise.core.errors import Conflict
from serving.access.caller import Caller, needing
from serving.agent.csrf import enforce_token
from serving.agent.on_call.room import NOT_YOURS, Room
from serving.agent.wording import N_

__all__ = ["router"]

router = APIRouter()

InCall = Annotated[Room, Depends(Room)]
Seller = Annotated[Caller, Depends(needing("outcomes:write"))]
Word = Annotated[str, Form(max_length=64)]

WITH_TOKEN = [Depends(enforce_token)]

NOT_SENT = N_("No link sent: something is owed before it, or it was sent too often.")
TICK_READ = N_("No code sent: read the table of costs aloud, and tick that you did.")
NO_MORE = N_("No code sent: three are the most. The customer opens the link, or orders in the app or at a branch.")
TRIED = {
    "wrong": N_("Not ordered: that is not the code. The customer may read it again."),
    "late": N_("Not ordered: the code is older than five minutes. Send a new one."),
    "used_up": N_("Not ordered: the code was tried too often. Send a new one."),
    "none": N_("Not ordered: no code was sent yet."),
}
OVER = N_("Not ordered: it waits for the customer no more. This is how it stands now.")


def _refused_here(room: Room, agent: Caller, act_id: str) -> Response | None:
    """Why this agent may not act upon what waits for the customer in this call; None where they may."""
    view, asked = room.opened(agent)
    if asked is not None:
        return asked
    if view["agent_id"] != agent.name or view["phase"] != "answered":
        return room.refused(NOT_YOURS)
    is_of_call = any(one.act.act_id == act_id for one in room.calls.own_acts.of_call(room.call_id))
    return None if is_of_call else room.refused(OVER)


@router.post("/calls/{call_id}/own-acts/{act_id}/code", dependencies=WITH_TOKEN)
def send_code(room: InCall, agent: Seller, act_id: str, is_read: Word = "") -> Response:
    """A code for a customer who cannot open the page, once the table of all costs was read aloud."""
    refused = _refused_here(room, agent, act_id)
    if refused is not None:
        return refused
    if not is_read:
        return room.refused(TICK_READ, status=422)
    try:
        stands = room.calls.own_acts.send_code(act_id, agent.name)
    except Conflict:
        return room.refused(NO_MORE)
    return room.show(told="1") if stands == "awaiting_customer" else room.refused(OVER)


@router.post("/calls/{call_id}/own-acts/{act_id}/code-read", dependencies=WITH_TOKEN)
def read_back(room: InCall, agent: Seller, act_id: str, code: Word = "") -> Response:
    """What the customer read back: ordered where it is right, and counted where it is not."""
    refused = _refused_here(room, agent, act_id)
    if refused is not None:
        return refused
    stands = room.calls.own_acts.order_by_code(act_id, code)
    return room.show(told="1") if stands == "agreed" else room.refused(TRIED.get(stands, OVER))


@router.post("/calls/{call_id}/decisions/{decision_id}/link", dependencies=WITH_TOKEN)
def send_link(
    room: InCall, agent: Seller, decision_id: str, action_id: Annotated[str, Form(max_length=64)]
) -> Response:
    """The link to what the customer consented to: once more, or now that nothing else is owed before it."""
    view, asked = room.opened(agent)
    if asked is not None:
        return asked
    if view["agent_id"] != agent.name or view["phase"] != "answered":
        return room.refused(NOT_YOURS)
    room.decision_of(view, decision_id)
    try:
        room.calls.own_acts.send_link(decision_id, action_id, room.call_id, agent.name)
    except Conflict:
        return room.refused(NOT_SENT)
    return room.show(told="1")


@router.get("/calls/{call_id}/own-acts/{act_id}/code")
@router.get("/calls/{call_id}/own-acts/{act_id}/code-read")
@router.get("/calls/{call_id}/decisions/{decision_id}/link")
def address_of_a_form(room: InCall) -> Response:
    """Whoever opens the address that a form was sent to gets the page of that form."""
    return room.show()
