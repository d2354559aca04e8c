"""The country profile: prices, shops, festivals, and the numbers of the bank's equations, read from YAML."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from linewise.core.errors import UsageError
from linewise.core.yaml_lines import read_yaml_as

__all__ = ["COUNTRY_CODES", "SEASON_CLASSES", "Country", "MerchantGroup", "Profile", "Season", "Terms", "profile_of"]

Country = Literal["cn", "us"]
SEASON_CLASSES = ("everyday", "retail", "ecommerce", "dining", "travel", "fuel")
COUNTRY_CODES = {"cn": "CN", "us": "US"}
"""The code of the bank's own country in the contract tables."""

SixFloats = tuple[float, float, float, float, float, float]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Season(_Part):
    """Days on which more or less is bought; `by` is by season class."""

    name: str
    festival: Literal["spring", "thanksgiving"] | None = None
    days: tuple[int, int] | None = Field(default=None, description="from and to, counted from the festival")
    month_days: tuple[int, int] | None = Field(default=None, description="from and to, as month * 100 + day")
    by: SixFloats


class MerchantGroup(_Part):
    """A kind of shop. `ticket_amt` is the median, `spread` of its logarithm, `abroad` the share on a trip."""

    name: str
    mcc: str
    share: float = Field(gt=0)
    ticket_amt: int = Field(gt=0)
    spread: float = Field(gt=0)
    online: float = Field(ge=0, le=1)
    abroad: float = Field(ge=0, le=1)
    merchants: int = Field(gt=0)
    season: Literal["everyday", "retail", "ecommerce", "dining", "travel", "fuel"]


class Terms(_Part):
    """What the card's contract says. Amounts in minor units."""

    due_days: int
    minimum_payment_ratio: float
    minimum_payment_floor_amt: int
    cash_limit_ratio: float
    limit_multiples: Annotated[tuple[float, ...], Field(min_length=7, max_length=7)] = Field(
        description="of a month's income that a first limit is, by band of the application score"
    )
    limit_step_amt: int
    limit_least_amt: int
    limit_most_amt: int


class Profile(_Part):
    """One country: the bank's surroundings, its terms and its equations."""

    country: Country
    currency: str
    time_zone: str
    data_end_hour: int
    language: str
    foreign_language_ratio: float
    phone_hours: tuple[int, int]
    queue_load: Annotated[tuple[float, ...], Field(min_length=24, max_length=24)]
    spring_festivals: tuple[date, ...] = ()
    weekend: SixFloats
    seasons: tuple[Season, ...]
    merchant_groups: tuple[MerchantGroup, ...]
    foreign_rates: dict[str, float]
    terms: Terms
    equations: dict[str, float]
    roll_adjust: tuple[float, ...] = Field(description="of the logit of the last chance, by bucket")
    delinquency: tuple[tuple[float, ...], ...] = Field(
        description="chance by bucket of unpaid minimums: to bucket 0, 1, 2 …, the same, and at last one more"
    )


@cache
def profile_of(country: Country) -> Profile:
    """The profile of a country."""
    return read_yaml_as(Path(__file__).with_name("profiles") / f"{country}.yaml", Profile, UsageError)
