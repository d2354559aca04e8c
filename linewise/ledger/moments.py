"""Moments in the ledger: whole microseconds of UTC, the same in every database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, TypeDecorator

from linewise.core.clock import as_utc

__all__ = ["Moment", "from_microseconds", "microseconds_of"]

EPOCH = datetime.fromtimestamp(0, UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds_of(moment: datetime) -> int:
    """Microseconds since 1970 in UTC; a moment without a zone is UTC already."""
    return (as_utc(moment) - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The moment, in UTC."""
    return EPOCH + timedelta(microseconds=value)


class Moment(TypeDecorator[datetime]):
    """A column of moments: a datetime in Python, an integer in the database, so that no dialect rounds it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else microseconds_of(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_microseconds(value)
