"""How customers are reached: by which channels and how many a day, on which days and at which hours."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from linewise.policy.yaml_source import Strict
from serving.campaigns.brief.fields import Channel, MajorAmount

__all__ = ["BriefChannel", "Window"]

LONGEST_WINDOW_DAYS = 92


class BriefChannel(Strict):
    """A way to reach customers: how many a day, and what one contact costs in major units (None: the catalogue's).

    Of a channel with agents, a day holds agents × calls_an_hour × hours_a_day where `a_day` is left out.
    """

    channel: Channel
    a_day: Annotated[int, Field(ge=1)] | None = None
    agents: Annotated[int, Field(ge=1)] | None = None
    calls_an_hour: Annotated[float, Field(gt=0)] | None = None
    hours_a_day: Annotated[float, Field(gt=0, le=24)] | None = None
    cost: MajorAmount | None = None

    @model_validator(mode="after")
    def _says_what_a_day_holds(self) -> Self:
        staffed = (self.agents, self.calls_an_hour, self.hours_a_day)
        if self.a_day is not None and any(one is not None for one in staffed):
            raise ValueError("either a_day, or agents with calls_an_hour and hours_a_day, was expected")
        if self.a_day is None and any(one is None for one in staffed):
            raise ValueError("what a day holds is missing: a_day, or agents with calls_an_hour and hours_a_day")
        if self.most_a_day < 1:
            raise ValueError("a day holds not one contact")
        return self

    @property
    def most_a_day(self) -> int:
        """How many contacts a day holds."""
        if self.a_day is not None:
            return self.a_day
        return int((self.agents or 0) * (self.calls_an_hour or 0.0) * (self.hours_a_day or 0.0))


class Window(Strict):
    """The days of the campaign, both included, and the hours of a day by the customer's own clock."""

    first_day: date
    last_day: date
    opens: time = time(9)
    closes: time = time(18)

    @model_validator(mode="after")
    def _is_a_window(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(f"the window ends on {self.last_day}, before it begins on {self.first_day}")
        if self.day_count > LONGEST_WINDOW_DAYS:
            raise ValueError(f"the window has {self.day_count} days; at most {LONGEST_WINDOW_DAYS} were expected")
        if self.closes <= self.opens:
            raise ValueError(f"the hours close at {self.closes}, not after they open at {self.opens}")
        return self

    @property
    def day_count(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def days(self) -> Iterator[date]:
        """Its days in order."""
        return (self.first_day + timedelta(days=n) for n in range(self.day_count))
