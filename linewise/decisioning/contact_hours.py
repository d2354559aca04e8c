"""When a bank may contact a customer of its own accord: the hours of the day where the customer is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["ContactHours"]


@dataclass(frozen=True, slots=True)
class ContactHours:
    """From `opens` to `closes` by the customer's clock; on a holiday from `holiday_opens` on.

    They bind what the bank begins. Whoever calls the bank has chosen the hour: that is no solicitation.
    Sources: 47 CFR 64.1200(c) (08:00 to 21:00 at the called party's location); bank policy in China
    (09:00 to 20:00, not on the mornings of public holidays).
    """

    opens: time
    closes: time
    holiday_opens: time | None = None
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        latest_opening = max(self.opens, self.holiday_opens or self.opens)
        if latest_opening > self.closes:
            raise ValueError(f"hours that open at {latest_opening} cannot close at {self.closes}")

    def is_open(self, moment: datetime, zone: str) -> bool:
        """Whether the customer in that zone (IANA) may be contacted at the moment; both ends are open."""
        return self.next_allowed(moment, zone) == moment

    def next_allowed(self, moment: datetime, zone: str) -> datetime:
        """The moment itself where it is within the hours, else when they next open, in UTC.

        The day is the customer's day, and the hours are read off the customer's clock, so that a move to
        another zone and the change to summer time count by themselves. Raises ZoneInfoNotFoundError for
        a zone that is not on the IANA list.
        """
        there = ZoneInfo(zone)
        day = moment.astimezone(there).date()
        while True:
            opens = datetime.combine(day, self._opens_on(day), there).astimezone(UTC)
            closes = datetime.combine(day, self.closes, there).astimezone(UTC)
            if moment <= closes:
                return max(moment.astimezone(UTC), opens)
            day += timedelta(days=1)

    def _opens_on(self, day: date) -> time:
        return self.holiday_opens if self.holiday_opens is not None and day in self.holidays else self.opens
