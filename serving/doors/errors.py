"""Errors at the doors: plain words, nothing of a model or a schema, and when to come again."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from linewise.core.errors import LinewiseError, NotSignedIn, TooManyRequests

__all__ = ["tell_errors_plainly"]

log = logging.getLogger("linewise.api")


def tell_errors_plainly(app: FastAPI) -> None:
    """Answer every error of the app as `{error, detail}`."""
    app.add_exception_handler(LinewiseError, _on_linewise_error)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(HTTPException, _on_refused)
    app.add_exception_handler(Exception, _on_unexpected)


def _error(status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(status_code=status, content={"error": error, "detail": detail}, headers=headers)


def _on_linewise_error(_request: Request, err: Exception) -> Response:
    assert isinstance(err, LinewiseError)  # noqa: S101  registered for that class alone
    headers = {}
    if isinstance(err, NotSignedIn):
        headers = {"WWW-Authenticate": "Bearer"}
    elif isinstance(err, TooManyRequests):
        headers = {"Retry-After": str(err.wait_seconds)}
    return _error(err.http_status, err.code, str(err), headers)


def _on_malformed(_request: Request, err: Exception) -> Response:
    assert isinstance(err, RequestValidationError)  # noqa: S101  registered for that class alone
    if any(one["type"] == "json_invalid" for one in err.errors()):
        return _error(422, "MalformedRequest", "The request cannot be read: its body is not JSON.")
    fields = sorted({".".join(str(part) for part in one["loc"][1:]) or "the body" for one in err.errors()})
    return _error(422, "MalformedRequest", f"The request cannot be read: see {', '.join(fields)}.")


def _on_refused(_request: Request, err: Exception) -> Response:
    assert isinstance(err, HTTPException)  # noqa: S101  registered for that class alone
    if err.status_code == 400:
        # The framework's word for a body that is not even text.
        return _error(422, "MalformedRequest", "The request cannot be read: its body is not JSON.")
    headers = None if err.headers is None else dict(err.headers)
    return _error(err.status_code, HTTPStatus(err.status_code).phrase.replace(" ", ""), str(err.detail), headers)


def _on_unexpected(request: Request, err: Exception) -> Response:
    # What happened goes to the log; the caller learns only that it was not their fault.
    log.error("unexpected error at %s", request.url.path, exc_info=err)
    return _error(500, "InternalError", "Something went wrong on our side; it was logged.")
