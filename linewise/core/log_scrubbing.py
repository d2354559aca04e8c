"""Logs without numbers of people and secrets of links: every record is scrubbed where it is made."""

import logging
import re
from typing import Any

from linewise.core import scrubbing

__all__ = ["Scrubbing", "scrub_logs"]


LINK = re.compile(r"(?<=/own/)[\w-]{20,}")
"""The secret of a customer's link (docs/own-act.md): who reads the log must not be able to open it."""


def scrub(text: str) -> str:
    """The text without numbers of people, and without what opens a customer's link."""
    return LINK.sub("…", scrubbing.scrub(text))


class Scrubbing(logging.Filter):
    """A filter that lets every record pass without the numbers of `scrub`, its traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub the record in place; always true."""
        if isinstance(record.args, tuple):
            # One by one first: some formatters (uvicorn's of requests) read them apart.
            record.args = tuple(scrub(one) if isinstance(one, str) else one for one in record.args)
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            # A message that does not fit its values is told by logging itself, with both.
            record.msg, record.args = scrub(f"{record.msg} {record.args}"), ()
            return True
        clean = scrub(said)
        if clean != said:
            record.msg, record.args = clean, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = scrub(logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = scrub(record.stack_info)
        return True


def scrub_logs() -> None:
    """Scrub every record of this process from now on, also for handlers that are added later; once is enough."""
    make = logging.getLogRecordFactory()
    if getattr(make, "is_scrubbing", False):
        return
    scrubbing = Scrubbing()

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        scrubbing.filter(record)
        return record

    made.is_scrubbing = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(made)
