"""A record that cannot be reached, told in plain words to whoever asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from linewise.core.errors import RecordUnreachable

__all__ = ["reaching"]


@contextmanager
def reaching() -> Iterator[None]:
    """Raise RecordUnreachable where the database of the ledger cannot be read or written within the block."""
    try:
        yield
    except (OperationalError, PoolTimeout) as err:
        raise RecordUnreachable(type(err).__name__) from err
    except DBAPIError as err:
        if not err.connection_invalidated:
            raise
        raise RecordUnreachable(type(err).__name__) from err
