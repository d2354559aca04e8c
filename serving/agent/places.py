"""Where a browser goes next: always another page of this app."""

from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

__all__ = ["place_of", "safe_place", "see"]


def see(request: Request, place: str, query: str = "") -> RedirectResponse:
    """Send the browser on to read another page of this app."""
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}{place}" + (f"?{query}" if query else ""), 303)


def place_of(request: Request) -> str:
    """The address of the request within this app, without what was searched."""
    return request.url.path.removeprefix(request.scope.get("root_path", "")) or "/"


def safe_place(place: str) -> str:
    """The place where it is one of this app, else its first page: an address in a link must lead nowhere else."""
    parts = urlsplit(place)
    is_ours = place.startswith("/") and place.isprintable() and not parts.scheme and not parts.netloc
    return parts.path if is_ours and "\\" not in place and not place.startswith("//") else "/"
