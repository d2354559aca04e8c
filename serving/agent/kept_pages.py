"""What was typed when a session ended: kept for its person, given back after they signed in again."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from linewise.core.errors import UsageError
from linewise.ledger.kept_forms import forget_form, forms_of, keep_form
from serving.access import Asking
from serving.access.caller import access_of
from serving.agent.csrf import TOKEN_FIELD, enforce_token
from serving.agent.places import place_of, safe_place, see
from serving.agent.rendering import render

__all__ = ["keep_what_was_typed", "router"]

router = APIRouter()

NOT_KEPT = frozenset({TOKEN_FIELD, "password", "kept_form"})


async def keep_what_was_typed(request: Request) -> bool:
    """Keep the form of a request whose session ran out; whether there was one, and somebody to keep it for."""
    access = access_of(request)
    session = await run_in_threadpool(access.session_of, request)
    if session is None or session.state not in {"idle", "old"} or access.identity.find(session.name) is None:
        return False
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str) and name not in NOT_KEPT}
    if not any(value.strip() for value in fields.values()):
        return False
    try:
        await run_in_threadpool(keep_form, access.ledger, session.name, place_of(request), fields, access.now())
    except UsageError:
        return False
    return True


@router.get("/kept")
def kept_page(request: Request, person: Asking, to: str = "/") -> Response:
    """What is kept for whoever is signed in, each to be sent or discarded; without anything, the page wanted."""
    access = access_of(request)
    forms: Mapping[str, Mapping[str, str]] = forms_of(access.ledger, person.name, access.now())
    if not forms:
        return see(request, safe_place(to))
    return render(request, "kept.html", {"forms": forms, "to": safe_place(to)})


@router.get("/kept.json")
def kept_forms(request: Request, person: Asking) -> dict[str, dict[str, str]]:
    """The same for a script: fields by the address of their form."""
    access = access_of(request)
    return forms_of(access.ledger, person.name, access.now())


@router.post("/kept", dependencies=[Depends(enforce_token)])
def send_or_discard(
    request: Request,
    person: Asking,
    kept_form: Annotated[str, Form()],
    send: Annotated[str, Form()] = "",
    to: str = "/",
) -> Response:
    """Forget a kept form; `send`: and let the browser send the same fields to where they were meant to go."""
    access = access_of(request)
    forget_form(access.ledger, person.name, kept_form)
    if send:
        base = request.scope.get("root_path", "")
        # 307: the browser sends the very same form again, with its token.
        return RedirectResponse(f"{base}{safe_place(kept_form)}", 307)
    return see(request, "/kept", urlencode({"to": safe_place(to)}))
