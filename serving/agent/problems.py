"""What went wrong, as a page in plain words with what to do next; nothing of the inside is shown."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException

from linewise.core.errors import (
    LinewiseError,
    NobodyMayEnter,
    NotAllowed,
    NotSignedIn,
    TooManyRequests,
    UnknownCustomer,
    UnknownDecision,
)
from serving.access.caller import access_of
from serving.agent.headers import SECURE_HEADERS
from serving.agent.kept_pages import keep_what_was_typed
from serving.agent.languages import keep_language
from serving.agent.places import place_of, see
from serving.agent.rendering import render
from serving.agent.wording import N_, PROBLEMS, UNEXPECTED

__all__ = ["show_problems_as_pages"]

WHAT: Mapping[type[LinewiseError], str] = {
    UnknownCustomer: N_("There is no customer of this number."),
    UnknownDecision: N_("There is no decision of this number."),
    NotAllowed: N_("Your roles do not open this page."),
    NobodyMayEnter: N_("Nobody may sign in here yet."),
}

ANOTHER_ROLE = N_("Ask whoever runs the service for another role, or sign in as somebody else.")


def _page(request: Request, status: int, *, what: str = "", then: str = "", for_operator: str = "") -> Response:
    happened, next_step = PROBLEMS.get(status, PROBLEMS[422] if status < 500 else UNEXPECTED)
    values = {"happened": what or happened, "next_step": then or next_step, "for_operator": for_operator}
    return render(request, "problem.html", values, status)


def _refused(request: Request, error: LinewiseError) -> Response:
    """The operator's next step is a command that anyone may read; the rest of the error stays inside."""
    operator = error.next_step if error.http_status >= 500 else ""
    then = ANOTHER_ROLE if isinstance(error, NotAllowed) else ""
    response = _page(request, error.http_status, what=WHAT.get(type(error), ""), then=then, for_operator=operator)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.wait_seconds)
    return response


async def _to_sign_in(request: Request) -> Response:
    """The page to sign in, with the way back; what was typed into a form is kept for its person."""
    is_form = request.method not in {"GET", "HEAD"}
    is_kept = is_form and await keep_what_was_typed(request)
    had_session = is_kept or await run_in_threadpool(access_of(request).session_of, request) is not None
    # A form's address shows nothing by itself: who sent one goes on from what was kept, or from the first page.
    query = {"to": "/" if is_form else place_of(request)}
    query |= {"what": "kept" if is_kept else "ended"} if had_session else {}
    response = see(request, "/sign-in", urlencode(query))
    keep_language(request, response)
    return response


def _unexpected(request: Request) -> Response:
    # Starlette answers these outside of all middleware, so the headers are added here.
    response = _page(request, 500)
    for name, value in SECURE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def show_problems_as_pages(app: FastAPI) -> None:
    """Answer every error of the app with a page instead of JSON."""

    @app.exception_handler(NotSignedIn)
    async def on_nobody(request: Request, error: NotSignedIn) -> Response:
        return await _to_sign_in(request)

    @app.exception_handler(LinewiseError)
    def on_refusal(request: Request, error: LinewiseError) -> Response:
        return _refused(request, error)

    @app.exception_handler(RequestValidationError)
    def on_malformed_form(request: Request, error: RequestValidationError) -> Response:
        return _page(request, 422)

    @app.exception_handler(StarletteHTTPException)
    def on_http_error(request: Request, error: HTTPException) -> Response:
        return _page(request, error.status_code)

    @app.exception_handler(Exception)
    def on_anything_else(request: Request, error: Exception) -> Response:
        return _unexpected(request)
