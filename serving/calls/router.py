"""The HTTP doors of calls: `/v1/calls`, its events, its state, and its stream."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from linewise.core.errors import LinewiseError, NotReady, StorageFull
from linewise.ledger.calls import read_call
from linewise.ledger.reaching import reaching
from serving.access.caller import Caller, access_of, needing
from serving.calls.desk import CallDesk
from serving.calls.following import begin_call, one_call
from serving.calls.live import Message
from serving.calls.models import CallOut, CallRingIn, EventIn, EventOut, QueueIn, QueueOut, WithoutRecord
from serving.calls.streams import EventStream, seen_before
from serving.calls.view import view_without_record
from serving.calls.words import why_of
from serving.plain_errors import errors

__all__ = ["router", "stream_in_words"]

router = APIRouter()

WITHOUT_RECORD: dict[int | str, dict[str, Any]] = {503: {"model": WithoutRecord}, 507: {"model": WithoutRecord}}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "events as they come"},
    204: {"description": "the call has ended, and all of it was seen"},
}

Teller = Annotated[Caller, Depends(needing("calls:write"))]
Reader = Annotated[Caller, Depends(needing("calls:read"))]
LastEventId = Annotated[str | None, Header()]


def _desk(request: Request) -> CallDesk:
    desk: CallDesk = request.app.state.calls
    return desk


def _in_words(desk: CallDesk, call_id: str, err: LinewiseError) -> Response:
    """Where nothing can be looked up the screen still has a call: it is told what to do, beside the error."""
    told = {"error": err.code, "detail": str(err)}
    return JSONResponse(told | view_without_record(call_id, why_of(err), desk.language), err.http_status)


def stream_in_words(desk: CallDesk, call_id: str, err: LinewiseError) -> Message:
    """The same as the last message of a stream."""
    return Message("degraded", 0, view_without_record(call_id, why_of(err), desk.language), is_last=True)


@router.post("/v1/calls", status_code=201, responses=errors(404, 409, 422) | WITHOUT_RECORD, response_model=CallOut)
def ring(request: Request, body: CallRingIn, response: Response, _caller: Teller) -> Any:
    """A call rings: this is answered at once, and the decision made meanwhile.

    Told of again it changes nothing, with status 200.
    """
    desk = _desk(request)
    try:
        if body.queue_load is not None and body.queue:
            desk.measure(body.queue_load.as_measured(body.queue))
        now = desk.now()
        view, is_new = desk.ring(body.as_call(now), body.bank, body.heard(now))
    except (NotReady, StorageFull) as err:
        return _in_words(desk, body.call_id, err)
    if not is_new:
        response.status_code = 200
    return view


@router.post(
    "/v1/calls/{call_id}/events",
    status_code=201,
    responses=errors(404, 409, 422) | WITHOUT_RECORD,
    response_model=EventOut,
)
def tell(request: Request, call_id: str, body: EventIn, response: Response, _caller: Teller) -> Any:
    """Something happened in the call: written down once, and decided anew where that changes what is right.

    Sent again under its `event_id` it changes nothing, with status 200.
    """
    desk = _desk(request)
    try:
        view, is_new = desk.tell(call_id, body.as_told(call_id, desk.now()))
    except (NotReady, StorageFull) as err:
        return _in_words(desk, call_id, err)
    if not is_new:
        response.status_code = 200
    return {"is_new": is_new, "call": view}


@router.post("/v1/queue", responses=errors(422, 503, 507))
def measure(request: Request, body: QueueIn, _caller: Teller) -> QueueOut:
    """A queue was measured: while it is long, what the bank would sell is withdrawn first, and nothing else is."""
    wait, second_amt = _desk(request).measure(body.measured())
    return QueueOut(queue=body.queue, expected_wait_seconds=wait, second_amt=second_amt)


@router.get("/v1/calls/{call_id}", responses=errors(404) | WITHOUT_RECORD, response_model=CallOut)
def get_call(request: Request, call_id: str, caller: Reader) -> Any:
    """The call as it stands: who calls and how, what is marked, what may be suggested, and why nothing is."""
    desk = _desk(request)
    try:
        view = desk.view(call_id)
        customer_id = str(view["customer_id"])
        access_of(request).look(caller, customer_id, is_for_two=caller.is_person and desk.is_for_two(customer_id))
        return view
    except (NotReady, StorageFull) as err:
        return _in_words(desk, call_id, err)


@router.get("/v1/calls/{call_id}/stream", responses=errors(404, 503) | STREAM, response_class=Response)
async def stream_call(request: Request, call_id: str, caller: Reader, last_event_id: LastEventId = None) -> Response:
    """What is told of the call from now on, as server-sent events; it ends with the call, or after some minutes.

    `state` comes first, then a `call` for each event: small messages, after which the call itself is asked for. Who
    comes back with `Last-Event-ID` gets what was missed.
    """
    desk, seen = _desk(request), seen_before(last_event_id)

    def begin() -> tuple[Any, Message]:
        with reaching():
            customer_id = read_call(desk.ledger, call_id).customer_id
            # What is marked in a call is told of its customer, so following it is a look as well.
            access_of(request).look(caller, customer_id, is_for_two=caller.is_person and desk.is_for_two(customer_id))
            return desk.ledger, begin_call(desk.ledger, call_id)

    ledger, first = await asyncio.to_thread(begin)
    if first.is_last and seen is not None and seen >= first.sequence:
        return Response(status_code=204)
    if seen is not None:
        messages = desk.live.follow(ledger, seen, one_call(ledger, call_id))
    else:
        messages = desk.live.follow(ledger, first.sequence, one_call(ledger, call_id), first)
    return EventStream(messages, lambda err: stream_in_words(desk, call_id, err), desk.live.life_seconds)
