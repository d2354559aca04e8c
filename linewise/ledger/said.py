"""What whoever acts on the ledger must say: their name, and why or with what."""

from linewise.core.errors import UsageError

__all__ = ["enforce_said"]


def enforce_said(**said: str) -> None:
    """Raise UsageError, naming it, where one of these (by, reason, evidence) came empty."""
    for name, value in said.items():
        if not value.strip():
            raise UsageError(f"The act came without {name!r}.", "Who does it, and why, stays in the ledger for good.")
