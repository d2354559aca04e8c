"""Deadlines in calendar days and in working days."""

from datetime import datetime, timedelta

__all__ = ["add_days", "add_working_days"]

SATURDAY = 5


def add_days(moment: datetime, days: int) -> datetime:
    """The same time of day, so many calendar days later."""
    return moment + timedelta(days=days)


def add_working_days(moment: datetime, days: int) -> datetime:
    """The same time of day, so many working days later: Monday to Friday of the moment's own zone.

    Public holidays are not known here, so a deadline may fall earlier than the law asks, and never later.
    A moment on a weekend counts from the Friday before.

    >>> add_working_days(datetime(2026, 11, 27, 15, 0), 1)
    datetime.datetime(2026, 11, 30, 15, 0)
    """
    while moment.weekday() >= SATURDAY:
        moment -= timedelta(days=1)
    weeks, rest = divmod(days, 5)
    moment += timedelta(weeks=weeks)
    for _ in range(rest):
        moment += timedelta(days=3 if moment.weekday() == SATURDAY - 1 else 1)
    return moment
