"""What an agent tells of a call from the screen: forms with the page's token, by the one who has the call."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from pydantic import BaseModel, ConfigDict, ValidationError

from linewise.core.errors import UsageError
from serving.access.caller import Caller, access_of, needing
from serving.agent.csrf import enforce_token
from serving.calls.desk import CallDesk
from serving.calls.models import EventIn

__all__ = ["calls_of", "router"]

router = APIRouter()

Telling = Annotated[Caller, Depends(needing("calls:write"))]
Reading = Annotated[Caller, Depends(needing("calls:read"))]


def calls_of(request: Request) -> CallDesk:
    """The desk of calls; 404 where the pages are shown without one."""
    calls: CallDesk | None = getattr(request.app.state, "calls", None)
    if calls is None:
        raise HTTPException(404)
    return calls


Calls = Annotated[CallDesk, Depends(calls_of)]


class EventForm(BaseModel):
    """The fields of a form: of each event those that are its own, the others empty or left out."""

    model_config = ConfigDict(extra="forbid")

    csrf_token: str = ""
    event_id: str
    kind: str
    reason: str = ""
    tone: str = ""
    flag: str = ""
    what: str = ""
    amount_amt: str = ""
    action_id: str = ""
    is_what_if: bool = False
    outcome: str = ""
    note: str = ""
    follow_up_on: str = ""
    sends_confirmation: bool = False

    def as_event(self, agent_id: str) -> EventIn:
        """The event, told by this agent; raises UsageError, naming the fields, for what cannot be read."""
        given: dict[str, Any] = {name: getattr(self, name) or None for name in ("reason", "tone", "flag")}
        if self.what:
            given["asked"] = {"what": self.what, "action_id": self.action_id, "is_what_if": self.is_what_if}
            given["asked"] |= {"amount_amt": self.amount_amt} if self.amount_amt else {}
        if self.outcome:
            names = ("outcome", "note", "sends_confirmation")
            given["wrap_up"] = {name: getattr(self, name) for name in names} | {"reason": given.pop("reason", None)}
            given["wrap_up"] |= {"follow_up_on": self.follow_up_on} if self.follow_up_on else {}
        try:
            return EventIn(event_id=self.event_id, kind=self.kind, source="agent", agent_id=agent_id, **given)  # type: ignore[arg-type]
        except ValidationError as err:
            fields = sorted({".".join(str(part) for part in one["loc"]) for one in err.errors()})
            raise UsageError(f"The form cannot be read: see {', '.join(fields)}.") from None


def _seen(request: Request, calls: CallDesk, caller: Caller, view: dict[str, Any]) -> dict[str, Any]:
    """The call, once it is written down that the caller saw its customer."""
    customer_id = str(view["customer_id"])
    access_of(request).look(caller, customer_id, is_for_two=caller.is_person and calls.is_for_two(customer_id))
    return view


@router.post("/calls/{call_id}/events", dependencies=[Depends(enforce_token)])
def tell(
    request: Request, call_id: str, calls: Calls, caller: Telling, form: Annotated[EventForm, Form()]
) -> dict[str, Any]:
    """One event of the agent's own call; gives the call as it stands then, as JSON."""
    event = form.as_event(caller.name)
    view, is_new = calls.tell(call_id, event.as_told(call_id, calls.now()))
    if view["phase"] == "ended":
        # Who has hung up has the customer open no more: that it was done is all that is told.
        return {"is_new": is_new, "call": {name: view[name] for name in ("call_id", "phase", "says", "is_wrapped_up")}}
    return {"is_new": is_new, "call": _seen(request, calls, caller, view)}


@router.get("/calls/{call_id}.json")
def read(request: Request, call_id: str, calls: Calls, caller: Reading) -> dict[str, Any]:
    """The call as it stands, as JSON, for the agent who has it."""
    return _seen(request, calls, caller, calls.view(call_id))
