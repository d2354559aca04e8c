"""The settings of a world of logged decisions: the same settings, the same people and the same log, to the byte."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from linewise.core.errors import UsageError
from linewise.simulation.chance import Chance

__all__ = ["LOGGED_WORLDS", "LoggedWorld", "LoggedWorldName", "WorldNumbers", "logged_world"]

LoggedWorldName = Literal["base", "downturn", "thin-margin", "drift"]


@dataclass(frozen=True, slots=True)
class WorldNumbers:
    """What a world makes different.

    default_margin: the log-odds of default within a year of a customer of no particular risk. default_slope_factor,
    borrowing_factor, take_up_factor: on what a raise does to default and to borrowing, and on how gladly offers are
    taken. card_rate_factor, interchange_factor, funding_factor: on the bank's own economics, for whoever composes a
    value. drift_default_add, drift_impatience_add, drift_borrowing_factor: from the month of the drift on.
    """

    default_margin: float
    default_slope_factor: float = 1.0
    borrowing_factor: float = 1.0
    take_up_factor: float = 1.0
    card_rate_factor: float = 1.0
    interchange_factor: float = 1.0
    funding_factor: float = 1.0
    drift_default_add: float = 0.0
    drift_impatience_add: float = 0.0
    drift_borrowing_factor: float = 1.0


# Default within a year without any raise: 2.1% in base, 3.4% in the downturn, 4.4% where margins are thin.
LOGGED_WORLDS: dict[str, WorldNumbers] = {
    "base": WorldNumbers(default_margin=-5.40),
    "downturn": WorldNumbers(
        default_margin=-4.80, default_slope_factor=1.25, borrowing_factor=1.1, take_up_factor=0.8, funding_factor=1.2
    ),
    "thin-margin": WorldNumbers(
        default_margin=-4.47, card_rate_factor=0.80, interchange_factor=0.7, take_up_factor=0.9, funding_factor=1.3
    ),
    "drift": WorldNumbers(
        default_margin=-5.40, drift_default_add=0.7, drift_impatience_add=0.5, drift_borrowing_factor=1.4
    ),
}


class LoggedWorld(BaseModel):
    """A world of logged decisions: which, how many, from which seed, and how confounded the log is.

    hidden_confounding: how far the bank's past followed what no feature shows; floor_ratio: the share of decisions
    that were drawn evenly among what was permitted, each marked in the log. Decisions lie in month_count months.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, ignored_types=(cached_property,))

    name: LoggedWorldName = "base"
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    log_count: int = Field(default=200_000, ge=1, le=10_000_000)
    hidden_confounding: float = Field(default=0.0, ge=0, le=2)
    floor_ratio: float = Field(default=0.05, ge=0, le=1)
    month_count: int = Field(default=24, ge=1, le=60)

    @cached_property
    def chance(self) -> Chance:
        """The dice of this world: a number belongs to a purpose and a customer."""
        return Chance(self.seed)

    @property
    def numbers(self) -> WorldNumbers:
        """What this world makes different."""
        return LOGGED_WORLDS[self.name]

    @property
    def drift_month(self) -> int:
        """The month from which people behave otherwise, if the world drifts at all."""
        return self.month_count // 2


def logged_world(**settings: Any) -> LoggedWorld:
    """The world of these settings; raises UsageError with what is allowed for one that is impossible."""
    try:
        return LoggedWorld(**settings)
    except ValidationError as err:
        told = "; ".join(f"{one['loc'][0]} {one['input']!r}: {one['msg']}" for one in err.errors())
        raise UsageError(
            f"No such world of logged decisions: {told}.",
            f"The worlds are {', '.join(LOGGED_WORLDS)}; the other settings are numbers within their ranges.",
        ) from err
