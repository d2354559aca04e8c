"""A column of free text that somebody typed: scrubbed on its way into the database, so that no door can forget it."""

from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from linewise.core.scrubbing import scrub

__all__ = ["Note"]


class Note(TypeDecorator[str]):
    """Text without card, identity and phone numbers (`linewise.core.scrubbing`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else scrub(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """From the database, as it stands there."""
        return value
