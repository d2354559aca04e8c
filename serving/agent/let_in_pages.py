"""Who asks to be let in to a record that two people open, and another person's answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from linewise.ledger.second_person import answer_ask, open_asks
from serving.access import Caller, needing
from serving.access.caller import access_of
from serving.agent.csrf import enforce_token
from serving.agent.places import see
from serving.agent.rendering import render

__all__ = ["router"]

router = APIRouter()

Second = Annotated[Caller, Depends(needing("looks:grant"))]


@router.get("/let-in")
def asks_page(request: Request, second: Second) -> Response:
    """Who asks, for which customer and why."""
    access = access_of(request)
    asks = open_asks(access.ledger, access.now())
    return render(request, "let_in.html", {"asks": asks, "own_name": second.name})


@router.post("/let-in", dependencies=[Depends(enforce_token)])
def answer(
    request: Request, second: Second, ask_id: Annotated[str, Form()], is_let_in: Annotated[bool, Form()] = False
) -> Response:
    """Let them in for an hour, or not."""
    access = access_of(request)
    answer_ask(access.ledger, ask_id, second.name, access.now(), is_let_in=is_let_in)
    return see(request, "/let-in")
