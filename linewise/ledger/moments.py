"""Moments in the ledger: whole microseconds of UTC, the same in every database."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, TypeDecorator

from linewise.core.moments import from_microseconds, microseconds

__all__ = ["Moment"]


class Moment(TypeDecorator[datetime]):
    """A column of moments: a datetime in Python, an integer in the database, so that no dialect rounds it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_microseconds(value)
