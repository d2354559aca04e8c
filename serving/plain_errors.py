"""Errors of the HTTP doors: in plain words, with nothing of a model or a schema."""

from typing import Any

from pydantic import BaseModel

__all__ = ["ErrorOut", "errors"]


class ErrorOut(BaseModel):
    """An error in plain words; nothing of a model or a schema."""

    error: str
    detail: str


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a door tells of the errors that it may answer with; who asks may always be unknown, or ask too often."""
    return {status: {"model": ErrorOut} for status in sorted({401, 403, 413, 422, 429, 503, *statuses})}
