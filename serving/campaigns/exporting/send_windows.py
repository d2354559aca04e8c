"""When a contact of a list may be sent: in the recipient's own time, and held where it would be too early."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from linewise.decisioning.contact_hours import ContactHours
from serving.scoring.reach import zone_info

__all__ = ["SendWindow", "send_window"]


@dataclass(frozen=True, slots=True)
class SendWindow:
    """From when to when, in UTC, and the same two by the recipient's clock; is_moved: not as it was planned."""

    not_before: datetime
    not_after: datetime
    zone: str
    local_not_before: str
    local_not_after: str
    is_moved: bool


@lru_cache(maxsize=65_536)
def send_window(
    not_before: datetime, not_after: datetime, planned_zone: str, zone: str, hours: ContactHours
) -> SendWindow | None:
    """The window as the recipient's clock has it now; None where nothing of it lies within the hours.

    Who has moved to another zone since the plan is contacted on the same day, at the same hours of the clock there.
    A window that begins outside the hours begins when they open, and one that ends outside them ends as they close:
    what is too early is held, and what would be too late is not sent.
    """
    there, before = zone_info(zone), zone_info(planned_zone)
    begins, ends = (_same_hour(one, before, there) for one in (not_before, not_after))
    opened = hours.next_allowed(begins, _named(zone))
    closed = min(ends, datetime.combine(opened.astimezone(there).date(), hours.closes, there).astimezone(UTC))
    if opened.astimezone(there).date() != begins.astimezone(there).date() or closed < opened:
        return None
    return SendWindow(
        opened,
        closed,
        zone,
        opened.astimezone(there).isoformat(timespec="minutes"),
        closed.astimezone(there).isoformat(timespec="minutes"),
        is_moved=(opened, closed) != (not_before, not_after),
    )


def _same_hour(moment: datetime, before: tzinfo, there: tzinfo) -> datetime:
    """The moment at which the clock there shows what the clock before showed."""
    return moment.astimezone(before).replace(tzinfo=there).astimezone(UTC) if before != there else moment


def _named(zone: str) -> str:
    """The zone where the list knows it; what it does not know counts as UTC, as everywhere."""
    return getattr(zone_info(zone), "key", "UTC")
