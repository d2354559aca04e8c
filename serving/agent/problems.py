"""What went wrong, as a page in plain words with what to do next; nothing of the inside is shown."""

from collections.abc import Mapping

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from linewise.core.errors import LinewiseError, UnknownCustomer, UnknownDecision
from serving.agent.headers import SECURE_HEADERS
from serving.agent.rendering import render
from serving.agent.wording import N_, PROBLEMS, UNEXPECTED

__all__ = ["show_problems_as_pages"]

NOT_FOUND: Mapping[type[LinewiseError], str] = {
    UnknownCustomer: N_("There is no customer of this number."),
    UnknownDecision: N_("There is no decision of this number."),
}


def _page(request: Request, status: int, *, what: str = "", for_operator: str = "") -> Response:
    happened, next_step = PROBLEMS.get(status, PROBLEMS[422] if status < 500 else UNEXPECTED)
    values = {"happened": what or happened, "next_step": next_step, "for_operator": for_operator}
    return render(request, "problem.html", values, status)


def _refused(request: Request, error: LinewiseError) -> Response:
    """The operator's next step is a command that anyone may read; the rest of the error stays inside."""
    operator = error.next_step if error.http_status >= 500 else ""
    return _page(request, error.http_status, what=NOT_FOUND.get(type(error), ""), for_operator=operator)


def _unexpected(request: Request) -> Response:
    # Starlette answers these outside of all middleware, so the headers are added here.
    response = _page(request, 500)
    for name, value in SECURE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def show_problems_as_pages(app: FastAPI) -> None:
    """Answer every error of the app with a page instead of JSON."""

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
