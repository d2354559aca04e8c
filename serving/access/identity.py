"""What the service asks of whoever knows the bank's people; the users' file fills it, a directory (OIDC) may later."""

from dataclasses import dataclass
from typing import Protocol

__all__ = ["IdentityProvider", "Person"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in, and the roles (`linewise.ledger.people.ROLES`) they hold now."""

    name: str
    roles: frozenset[str]


class IdentityProvider(Protocol):
    """Says who somebody is and which roles they hold; safe for several threads, and never tells why it says nobody."""

    def check(self, name: str, password: str) -> Person | None:
        """Who signs in with these; None for an unknown name, a wrong password and one who may not, in equal time."""

    def find(self, name: str) -> Person | None:
        """Who has that name now: asked at every request, so that whoever is disabled is out at once."""

    def has_anybody(self) -> bool:
        """Whether there is anybody who may sign in."""
