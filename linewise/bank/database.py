"""DuckDB as this room uses it: in memory, in UTC, and without fetching anything from the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import duckdb

__all__ = ["literal", "moment_literal", "name_quoted", "utc_database"]


@contextmanager
def utc_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory whose session lives in UTC; closed at the end of the block."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        # DuckDB would download a missing extension in silence; in a bank that is a decision of its own.
        database.execute("SET autoinstall_known_extensions = false")
        # After two seconds it would draw a bar on standard output, in the midst of what a command says to machines.
        database.execute("SET enable_progress_bar = false")
        yield database


def literal(text: str) -> str:
    """A text as a SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def name_quoted(name: str) -> str:
    """A name of a table or column as SQL reads it, whatever words SQL reserves.

    >>> name_quoted("value")
    '"value"'
    """
    return '"' + name.replace('"', '""') + '"'


def moment_literal(moment: datetime) -> str:
    """A UTC moment as a SQL literal."""
    return f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S.%f}+00'"
