"""No body is read beyond what any door could want: ten of them at once must not fill the memory of a worker."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BYTES", "BoundedBodies"]

MOST_BYTES = 1 << 20
"""A wrap-up with the longest note of four-byte letters, spelled as a form, takes a tenth of this."""

SAID = f"The request is too large: at most {MOST_BYTES:,} bytes were expected."


class BoundedBodies:
    """Refuses larger bodies: by what they say of themselves, or once they have come to so much."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "0")
        if told.isdigit() and int(told) > MOST_BYTES:
            refused = JSONResponse({"error": "RequestTooLarge", "detail": SAID}, 413, {"connection": "close"})
            await refused(scope, receive, send)
            return
        count = 0

        async def counted() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > MOST_BYTES:
                raise HTTPException(413, SAID)
            return message

        await self._app(scope, counted, send)
