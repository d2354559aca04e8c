"""The cookie of a session: out of reach of scripts and other sites, and over https bound to this host alone."""

from fastapi import Request, Response

__all__ = ["drop_token", "is_https", "keep_token", "token_of"]

COOKIE = "linewise_session"


def is_https(request: Request, tls: str) -> bool:
    """Whether the browser speaks https, to us or to the proxy in front."""
    return tls == "proxy" or request.url.scheme == "https"


def _name(*, https: bool) -> str:
    # A browser takes a __Host- cookie only with Secure, from this host and for all of it.
    return f"__Host-{COOKIE}" if https else COOKIE


def token_of(request: Request, tls: str) -> str:
    """The session's token, or an empty one."""
    return request.cookies.get(_name(https=is_https(request, tls)), "")


def keep_token(request: Request, response: Response, token: str, tls: str) -> None:
    """Leave the token with the browser until it is closed; the server ends the session before that."""
    https = is_https(request, tls)
    response.set_cookie(_name(https=https), token, path="/", secure=https, httponly=True, samesite="lax")


def drop_token(request: Request, response: Response, tls: str) -> None:
    """Take the token from the browser."""
    https = is_https(request, tls)
    response.delete_cookie(_name(https=https), path="/", secure=https, httponly=True, samesite="lax")
