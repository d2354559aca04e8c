"""The bank clock: the wall clock in production, the end of the data in a demo, a back-test or a test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["BankClock", "as_utc"]


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a time without a zone is taken to be UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class BankClock:
    """What time it is for the bank. Every window, age, staleness check and outcome asks it.

    Three sources in this order: a fixed moment (`--now`), the end of a historical extract, the wall clock.
    """

    fixed_at: datetime | None = None
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The bank's present moment, in UTC."""
        return as_utc(self.fixed_at if self.fixed_at is not None else self.wall())
