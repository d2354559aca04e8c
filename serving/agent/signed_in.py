"""Who the agent at the screen is."""

from typing import Annotated

from fastapi import Depends

from serving.access import Caller, needing

__all__ = ["agent_of"]


async def agent_of(caller: Annotated[Caller, Depends(needing("calls:write"))]) -> str:
    """The agent who asks, by the name under which telephony knows them."""
    return caller.name
