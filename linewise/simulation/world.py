"""One simulated bank in all its settings: the same settings, the same bank, to the byte."""

from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from linewise.core.errors import UsageError
from linewise.simulation.calendar import WARM_UP_MONTHS, Calendar
from linewise.simulation.chance import Chance
from linewise.simulation.lives.parameters import (
    Equations,
    Shops,
    Surroundings,
    equations_of,
    shops_of,
    surroundings_of,
)
from linewise.simulation.profile import Country, Profile, profile_of

__all__ = ["BANK_NAME_PREFIX", "WORLDS", "World", "WorldName", "world_of"]

BANK_NAME_PREFIX = "simulated-"
"""How the name of every simulated bank begins, so that it cannot be taken for a real one."""

WorldName = Literal["base", "downturn", "thin-margin", "drift", "dirty", "tiny"]
_NEVER = 10_000

WORLDS: dict[str, dict[str, float]] = {
    # What each world multiplies in the country's equations (a name ending in _add: adds to them).
    "base": {},
    "downturn": {"job_loss_rate": 2.5, "job_found_rate": 0.7, "miss_intercept_add": 0.55, "roll_adjust_add": 0.25},
    # More default, and less earned on what is paid: what an account brings a year is next to nothing.
    "thin-margin": {
        "miss_intercept_add": 1.7,
        "daily_interest_ratio": 0.75,
        "interchange_ratio": 0.7,
        "funding_rate": 1.3,
        "operating_cost_amt": 1.5,
    },
    "drift": {},
    "dirty": {},
    "tiny": {},
}


class World(BaseModel):
    """A simulated bank: where, how large, how long, from which seed, and how confounded its past is."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, ignored_types=(cached_property,))

    country: Country = "cn"
    name: WorldName = "base"
    customer_count: int = Field(default=10_000, ge=1, le=10_000_000)
    month_count: int = Field(default=24, ge=2, le=60, description="months with data; the last is November 2026")
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    hidden_confounding: float = Field(
        default=0.8, ge=0, le=2, description="how far past decisions followed what the extract does not hold"
    )
    exploration_ratio: float = Field(
        default=0.04, ge=0, le=0.5, description="customers in the randomised slice of limit reviews"
    )

    @cached_property
    def profile(self) -> Profile:
        """The country's profile."""
        return profile_of(self.country)

    @cached_property
    def calendar(self) -> Calendar:
        """The bank's days."""
        return Calendar(self.profile, self.month_count)

    @cached_property
    def chance(self) -> Chance:
        """Dice for what has no bearing on the lives, such as consents."""
        return Chance(self.seed)

    @property
    def drift_month(self) -> int:
        """The month from which customers of the world `drift` behave otherwise; far away in the others."""
        return self.month_count // 2 if self.name == "drift" else _NEVER

    @cached_property
    def equations(self) -> Equations:
        """The numbers of the equations, with what this world changes in them."""
        numbers = dict(self.profile.equations)
        for name, change in WORLDS[self.name].items():
            if name.endswith("_add"):
                numbers[name.removesuffix("_add")] += change
            else:
                numbers[name] *= change
        numbers |= {"hidden_confounding": self.hidden_confounding, "exploration_ratio": self.exploration_ratio}
        return equations_of(numbers)

    @cached_property
    def shops(self) -> Shops:
        """The shops along the calendar."""
        return shops_of(self.profile, self.calendar)

    @cached_property
    def surroundings(self) -> Surroundings:
        """Calendar and terms for the compiled equations."""
        return surroundings_of(self.profile, self.calendar, self.drift_month, WARM_UP_MONTHS)

    @property
    def bank_name(self) -> str:
        """Under which the bank is loaded."""
        return f"{BANK_NAME_PREFIX}{self.country}-{self.name}-{self.customer_count}x{self.month_count}-{self.seed}"

    def resized(self, customer_count: int) -> Self:
        """The same world with another number of customers; those in both are the same."""
        return self.model_copy(update={"customer_count": customer_count})


def world_of(**settings: Any) -> World:
    """The world of these settings; raises UsageError with the allowed range for one that is impossible."""
    try:
        return World(**settings)
    except ValidationError as err:
        told = []
        for one in err.errors():
            name = str(one["loc"][0]) if one["loc"] else "?"
            told.append(f"{name} {one['input']!r} is impossible: {one['msg'][0].lower()}{one['msg'][1:]}")
        raise UsageError(f"{'; '.join(told)}.", f"{_ranges()} were expected.") from err


def _ranges() -> str:
    return "customers from 1 to 10,000,000, months from 2 to 60, a seed from 0 to 2^63 - 1, country cn or us"
