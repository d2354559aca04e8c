"""What the fields of a campaign's file share: their kinds, and that a name stands there once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field

__all__ = ["CHANNELS", "TOLERANCE", "CampaignId", "Channel", "Code", "MajorAmount", "Name", "Share", "enforce_once"]

Channel = Literal["sms", "voice", "app"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""The ways by which a bank begins a contact of its own accord."""

TOLERANCE = 1e-9
"""Shares add up to one within it."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
CampaignId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_-]{2,39}$")]
Share = Annotated[float, Field(ge=0, le=1)]
MajorAmount = Annotated[Decimal, Field(ge=0, le=Decimal(10) ** 13)]


def enforce_once(what: str, names: Sequence[str]) -> None:
    """Raise ValueError where a name stands there twice."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"the {what} {twice[0]!r} stands there twice")
