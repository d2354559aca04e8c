"""Who the agent at the screen is."""

from fastapi import Request

__all__ = ["NOBODY_SIGNED_IN", "agent_of"]

NOBODY_SIGNED_IN = "agent-desk"
"""Stands for the agent until people sign in."""


def agent_of(_request: Request) -> str:
    """The agent who asks."""
    return NOBODY_SIGNED_IN
