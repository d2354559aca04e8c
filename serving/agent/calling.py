"""The desk of calls as a page finds it."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from serving.calls.desk import CallDesk

__all__ = ["Calls"]


def _calls_of(request: Request) -> CallDesk:
    calls: CallDesk | None = getattr(request.app.state, "calls", None)
    if calls is None:
        raise HTTPException(404)
    return calls


Calls = Annotated[CallDesk, Depends(_calls_of)]
"""A dependency; 404 where the pages are shown without one."""
