"""Who asks: the dependency of every door, and what a door asks of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from linewise.core.errors import NotAllowed

if TYPE_CHECKING:
    from serving.access.gate import Access

__all__ = ["Asking", "Caller", "access_of", "caller_of", "needing"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A person with a session, or a machine with a key.

    name: the user's or the key's. credential: the session's hash or the key's id, never what was sent.
    """

    name: str
    is_person: bool
    roles: frozenset[str]
    scopes: frozenset[str]
    credential: str

    @property
    def role_words(self) -> str:
        """The roles as they are written down: `machine` for a key."""
        return " ".join(sorted(self.roles)) if self.is_person else "machine"


def access_of(request: Request) -> "Access":
    """The gate of the app that was asked."""
    access: Access = request.app.state.access
    return access


async def caller_of(request: Request) -> Caller:
    """Who asks, by cookie or key.

    Raises NotSignedIn, TooManyRequests, NobodyMayEnter, and NotAllowed for who would change something over `/v1`
    by the cookie of a session: pages carry the token of their own form, this door does not.
    """
    return await access_of(request).caller(request)


Asking = Annotated[Caller, Depends(caller_of)]


def needing(*scopes: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: who asks, with all of these scopes; raises NotAllowed for who lacks one."""

    async def with_scopes(caller: Asking) -> Caller:
        missing = [one for one in scopes if one not in caller.scopes]
        if missing:
            raise NotAllowed(
                f"{caller.name} may not do this.",
                f"The scope {missing[0]} was expected.",
                "Ask an operator for another role, or for a key with that scope.",
            )
        return caller

    return with_scopes
