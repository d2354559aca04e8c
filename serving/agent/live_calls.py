"""The calls of an agent, live: a stream that the screen listens to, and in a demo a telephone that rings by itself."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response

from linewise.core.errors import LinewiseError
from linewise.ledger.call_watching import last_sequence
from linewise.ledger.reaching import reaching
from linewise.ledger.store import Ledger
from serving.agent.calling import Calls
from serving.agent.csrf import enforce_token
from serving.agent.signed_in import agent_of
from serving.calls.desk import CallDesk
from serving.calls.following import agents_calls, begin_agent
from serving.calls.live import Message
from serving.calls.router import stream_in_words
from serving.calls.streams import EventStream, seen_before
from serving.calls.telephony import Telephony
from serving.scoring.recommender import Recommender

__all__ = ["router"]

router = APIRouter()

BELL_EVERY_SECONDS = 1.0

Agent = Annotated[str, Depends(agent_of)]


def _telephony(request: Request, calls: CallDesk) -> Telephony | None:
    """The telephone of a demo; None in every other profile."""
    desk: Recommender = request.app.state.open_desk()
    return Telephony(calls, desk) if desk.settings.profile == "demo" else None


@router.post("/calls/next", dependencies=[Depends(enforce_token)])
def next_call(request: Request, calls: Calls, agent_id: Agent) -> dict[str, Any]:
    """Let the next call of the simulated day ring; for a demo alone, and one at a time."""
    telephony = _telephony(request, calls)
    if telephony is None:
        raise HTTPException(404)
    return {"call_id": telephony.next_call(agent_id).call_id}


@router.get("/calls/stream")
async def stream_calls(
    request: Request, calls: Calls, agent_id: Agent, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """What is told of the agent's calls from now on, as server-sent events; `state` says first which there are.

    In a demo the next call rings by itself while somebody listens.
    """
    seen = seen_before(last_event_id)

    def begin() -> tuple[Ledger, Message, Telephony | None]:
        with reaching():
            ledger = calls.ledger
            return ledger, begin_agent(ledger, agent_id, last_sequence(ledger)), _telephony(request, calls)

    ledger, first, telephony = await asyncio.to_thread(begin)
    # What a reader saw of another ledger, whose numbers went further, is nothing that it saw of this one.
    is_known = seen is not None and seen <= first.sequence
    after = seen if is_known and seen is not None else first.sequence
    messages = calls.live.follow(ledger, after, agents_calls(ledger, agent_id), None if is_known else first)
    if telephony is not None:
        messages = _with_bell(messages, lambda: telephony.ring_if_idle(agent_id))
    return EventStream(messages, lambda err: stream_in_words(calls, "", err), calls.live.life_seconds)


async def _with_bell(
    messages: AsyncGenerator[Message | None, None], ring: Callable[[], Any]
) -> AsyncGenerator[Message | None, None]:
    """The same messages; while they are listened to it rings where it is time."""
    bell = asyncio.create_task(_ringing(ring))
    try:
        async with aclosing(messages):
            async for message in messages:
                yield message
    finally:
        bell.cancel()


async def _ringing(ring: Callable[[], Any]) -> None:
    while True:
        await asyncio.sleep(BELL_EVERY_SECONDS)
        # A part that is missing now may be there at the next ring; the screen tells of it by itself.
        with suppress(LinewiseError):
            await asyncio.to_thread(ring)
