"""Passwords: hashed by argon2id, checked in the same time whether or not there is anything to check against."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from linewise.core.errors import UsageError
from linewise.core.settings import Settings

__all__ = ["Passwords", "enforce_good_password"]

SHORTEST, LONGEST = 12, 256
"""Length is what makes a password; no rule asks for signs, none for a change without cause (NIST SP 800-63B)."""

AT_ONCE = 2
"""Each takes 64 MiB for a moment: more at once would let whoever knocks often fill the memory."""


class Passwords:
    """Hashes and checks; the cost is RFC 9106's second choice, or next to nothing where the demo says so."""

    def __init__(self, settings: Settings) -> None:
        is_low = settings.hashing_cost == "low"
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if is_low else PasswordHasher()
        self._turns = BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        """What may be kept of a password."""
        with self._turns:
            return self._hasher.hash(password)

    def check(self, kept: str | None, password: str) -> bool:
        """Whether it is the password of that hash; None (there is no such user) takes as long and is never right."""
        with self._turns:
            try:
                self._hasher.verify(kept or self._nobody, password[:LONGEST])
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None


def enforce_good_password(name: str, password: str) -> None:
    """Raise UsageError for a password that is too short, too long or the name itself."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"The password has {len(password)} characters.",
            f"{SHORTEST} to {LONGEST} were expected.",
            "A sentence does.",
        )
    if name.casefold() in password.casefold() or len(set(password)) < 5:
        raise UsageError(
            "The password holds the name, or hardly any different characters.",
            "One that is hard to guess was expected.",
        )
