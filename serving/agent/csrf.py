"""A form counts only if it carries the token that the same browser holds in a cookie (double submit).

Another site can make a browser send the cookie, but can neither read it nor put it into a form field.
"""

import re
import secrets
from typing import Annotated

from fastapi import Form, HTTPException, Request, Response

__all__ = ["TOKEN_FIELD", "enforce_token", "keep_token", "token_of"]

TOKEN_COOKIE, TOKEN_FIELD = "linewise_form", "csrf_token"
TOKEN_BYTES = 24
WELL_FORMED = re.compile(r"[\w-]{32}", re.ASCII)


def token_of(request: Request) -> str:
    """The browser's token, or a fresh one for a browser that holds none."""
    held = request.cookies.get(TOKEN_COOKIE, "")
    return held if WELL_FORMED.fullmatch(held) else secrets.token_urlsafe(TOKEN_BYTES)


def keep_token(request: Request, response: Response, token: str) -> None:
    """Leave the token with the browser, out of reach of scripts and of other sites."""
    if request.cookies.get(TOKEN_COOKIE) != token:
        response.set_cookie(
            TOKEN_COOKIE,
            token,
            path=request.scope.get("root_path") or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )


def enforce_token(request: Request, csrf_token: Annotated[str, Form()] = "") -> None:
    """Refuse with 403 a form whose token is not the browser's."""
    held, sent = request.cookies.get(TOKEN_COOKIE, ""), csrf_token.encode(errors="replace")
    if not (WELL_FORMED.fullmatch(held) and secrets.compare_digest(held.encode(), sent)):
        raise HTTPException(403)
