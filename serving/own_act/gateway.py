"""`/v1/outbox`: the bank's own gateway takes the messages that wait for customers, and tells what became of them."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from linewise.core.clock import BankClock
from linewise.ledger.outbox import end_message, take
from linewise.ledger.reaching import reaching
from serving.access.caller import Caller, needing
from serving.own_act.messages import text_of_message
from serving.plain_errors import errors
from serving.scoring.recommender import Recommender

__all__ = ["router"]

router = APIRouter()

Gateway = Annotated[Caller, Depends(needing("outbox:send"))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakeIn(_Body):
    """How many messages are taken at the most."""

    most: Annotated[int, Field(ge=1, le=100)] = 20


class MessageOut(BaseModel):
    """One message; the gateway knows the customer's telephone by the number of the customer, this service does not."""

    message_id: str
    customer_id: str
    kind: Literal["link", "code"]
    language: str
    text: str
    expires_at: datetime


class TakenOut(BaseModel):
    """The messages that were taken, the oldest first."""

    messages: list[MessageOut]


class EndedIn(_Body):
    """What became of a message."""

    outcome: Literal["sent", "failed"]


class EndedOut(BaseModel):
    """Whether that was new, or told before."""

    message_id: str
    is_new: bool


@router.post("/v1/outbox/taken", responses=errors(422, 507))
def take_messages(request: Request, body: TakeIn, _gateway: Gateway) -> TakenOut:
    """Take messages to send; one of which nothing is heard within two minutes is given out again."""
    desk: Recommender = request.app.state.recommender()
    settings = desk.settings
    with reaching():
        taken = take(desk.ledger, BankClock().now(), body.most)
    return TakenOut(
        messages=[
            MessageOut(
                message_id=one.message_id,
                customer_id=one.customer_id,
                kind="code" if one.kind == "code" else "link",
                language=one.language or settings.language,
                text=text_of_message(settings, one),
                expires_at=one.expires_at,
            )
            for one in taken
        ]
    )


@router.post("/v1/outbox/{message_id}/ended", responses=errors(404, 422, 507))
def tell_ended(request: Request, message_id: str, body: EndedIn, _gateway: Gateway) -> EndedOut:
    """A message was sent, or could not be; what it said is forgotten then. Told again it changes nothing."""
    desk: Recommender = request.app.state.recommender()
    with reaching():
        is_new = end_message(desk.ledger, message_id, body.outcome, BankClock().now())
    return EndedOut(message_id=message_id, is_new=is_new)
