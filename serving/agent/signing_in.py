"""Signing in and out, and how long a session still goes on."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response

from linewise.core.errors import NobodyMayEnter, NotSignedIn, TooManyRequests
from linewise.ledger.kept_forms import forms_of
from linewise.ledger.sessions import Session
from serving.access import Asking
from serving.access.caller import access_of
from serving.access.cookies import drop_token, keep_token
from serving.access.identity import Person
from serving.access.scopes import scopes_of
from serving.agent.csrf import enforce_token
from serving.agent.places import safe_place, see
from serving.agent.rendering import render
from serving.agent.wording import N_

__all__ = ["router"]

router = APIRouter()

WHAT: dict[str, str] = {
    "": "",
    "ended": N_("You were signed out, for nothing was done for a quarter of an hour. Sign in again to go on."),
    "kept": N_("You were signed out. What you had typed is kept: sign in, and it is given back to you."),
    "out": N_("You are signed out."),
    "wrong": N_("The name and the password do not fit."),
    "wait": N_("Too many tries have failed. Try again in %(seconds)s seconds, or ask an operator for help."),
}


def _page(request: Request, what: str, *, to: str, name: str = "", status: int = 200, seconds: int = 0) -> Response:
    is_problem = what in {"wrong", "wait"}
    values = {"what": WHAT[what], "seconds": seconds, "to": to, "name": name, "is_problem": is_problem}
    response = render(request, "sign_in.html", values, status)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


@router.get("/sign-in")
def sign_in_page(request: Request, to: str = "/", what: str = "") -> Response:
    """Name and password; `to`: the page that was wanted."""
    if not access_of(request).has_anybody():
        raise NobodyMayEnter
    return _page(request, what if what in WHAT else "", to=safe_place(to))


@router.post("/sign-in", dependencies=[Depends(enforce_token)])
def sign_in(
    request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "", to: str = "/"
) -> Response:
    """Begin a session under a new token, and go where the person wanted to go, or to what was kept for them."""
    access, wanted = access_of(request), safe_place(to)
    try:
        token = access.sign_in(name, password, access.address_of(request))
    except NotSignedIn:
        return _page(request, "wrong", to=wanted, name=name, status=401)
    except TooManyRequests as err:
        return _page(request, "wait", to=wanted, name=name, status=429, seconds=err.wait_seconds)
    access.sign_out(request)
    name = access.name_of(token)
    kept = forms_of(access.ledger, name, access.now())
    wanted = _first_page(access.identity.find(name)) if wanted == "/" else wanted
    response = see(request, "/kept" if kept else wanted, urlencode({"to": wanted}) if kept else "")
    keep_token(request, response, token, access.settings.tls)
    return response


def _first_page(person: Person | None) -> str:
    """Where somebody begins who wanted no page in particular."""
    scopes = scopes_of(person.roles) if person is not None else frozenset()
    return "/let-in" if "looks:grant" in scopes and "decisions:write" not in scopes else "/"


@router.post("/sign-out", dependencies=[Depends(enforce_token)])
def sign_out(request: Request) -> Response:
    """End the session, for every worker and every tab."""
    access = access_of(request)
    access.sign_out(request)
    response = see(request, "/sign-in", "what=out")
    drop_token(request, response, access.settings.tls)
    return response


def _left(session: Session | None) -> dict[str, Any]:
    return {
        "seconds_left": session.seconds_left if session else 0,
        "seconds_at_most": session.seconds_at_most if session else 0,
    }


@router.get("/session")
def session_left(request: Request) -> dict[str, Any]:
    """How long the session goes on without another request, and at most; asking does not make it go on."""
    return _left(access_of(request).session_of(request))


@router.post("/session", dependencies=[Depends(enforce_token)])
def go_on(request: Request, _person: Asking) -> dict[str, Any]:
    """Let the session go on for another quarter of an hour, as often as somebody asks, but for its longest day."""
    access = access_of(request)
    return _left(access.extended(request))
