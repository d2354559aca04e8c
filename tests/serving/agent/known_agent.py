"""A gate that knows one agent by nothing at all, and lets them look: for tests of what the pages show."""

from fastapi import Request

from linewise.core.settings import Settings
from serving.access.caller import Caller
from serving.access.scopes import scopes_of

__all__ = ["AGENT", "KnownAgent"]

AGENT = Caller("agent-desk", True, frozenset({"agent"}), scopes_of(["agent"]), "known")


class KnownAgent:
    """Who asks is always the same agent; what they look at is theirs to look at."""

    def __init__(self) -> None:
        self.settings = Settings.model_construct(second_person=None, tls="none")

    async def caller(self, request: Request) -> Caller:
        request.state.caller = AGENT
        return AGENT

    def look(self, caller: Caller, customer_id: str, **_told: object) -> None:
        """Nothing to write down."""

    def address_of(self, request: Request) -> str:
        return request.client.host if request.client else ""

    def has_anybody(self) -> bool:
        return True
