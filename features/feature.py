"""What one feature is: name, unit, range, meaning, who may use it, and the expression that makes it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

__all__ = [
    "ANY_PURPOSE",
    "BEHAVIOUR",
    "COUNT_LIMIT",
    "CREDIT",
    "CREDIT_BUDGET",
    "OFFER",
    "PERSONAL",
    "WHOLE_LIMIT",
    "Feature",
    "Grain",
    "Purpose",
    "Unit",
    "define",
]

Purpose = Literal["risk", "limit", "price", "take_up", "eligibility", "affordability"]
Grain = Literal[
    "transaction",
    "month",
    "day",
    "customer",
    "statement",
    "line",
    "limit_change",
    "limit_request",
    "exposure",
    "outcome",
    "call",
    "case",
    "obligation",
    "income",
    "instalment",
    "payment",
]
Unit = Literal["minor units", "count", "days", "years", "ratio"]

ANY_PURPOSE: tuple[Purpose, ...] = ("risk", "limit", "price", "take_up", "eligibility", "affordability")
BEHAVIOUR: tuple[Purpose, ...] = ("risk", "limit", "price", "take_up")
# How a customer repays is the lender's business; it is no ground on which to sell.
CREDIT: tuple[Purpose, ...] = ("risk", "limit", "price", "eligibility")
CREDIT_BUDGET: tuple[Purpose, ...] = (*CREDIT, "affordability")
# What was offered, answered and called about says how to serve a customer, and never what they must pay.
OFFER: tuple[Purpose, ...] = ("take_up", "eligibility")
# Age may open or close an offer that the law ties to it, and tell who likes it; it never makes credit dearer.
PERSONAL: tuple[Purpose, ...] = ("take_up", "eligibility")

# float64 holds every whole number up to here, so a value read back is the value that was summed.
WHOLE_LIMIT = float(2**53)
COUNT_LIMIT = 1e7

_UNITS: dict[str, Unit] = {
    "amt": "minor units",
    "count": "count",
    "days": "days",
    "years": "years",
    "ratio": "ratio",
}
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*?_(?P<unit>amt|count|days|years|ratio)(?:_\d+[dm])?")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature, written once for training, batch and the call.

    `expression` takes the Ibis table of the grain (`features.grains`) and gives one value for a pair
    (customer_id, as_of): an aggregate over the pair's rows, or for grain 'customer' a value of its one row.
    `default` stands for a customer without history and wherever the expression has no answer; None
    leaves the value missing. Every value is stored as float64, whatever `type` says, so that a row of
    features is one array from the build to the model.
    """

    name: str
    meaning: str
    expression: "Callable[[Table], Value]"
    grain: Grain
    owner: str
    minimum: float
    maximum: float
    default: float | None
    allowed_for: tuple[Purpose, ...]

    @property
    def unit(self) -> Unit:
        """What a value counts, as the name's own suffix says."""
        return _UNITS[_parts(self.name)["unit"]]

    @property
    def type(self) -> Literal["integer", "float"]:
        """Whether values are whole (all but ratios: money is whole minor units)."""
        return "float" if self.unit == "ratio" else "integer"


def define(  # noqa: PLR0913  one keyword for each line of the dictionary
    name: str,
    meaning: str,
    expression: Callable[[Any], Any],
    *,
    grain: Grain,
    owner: str,
    minimum: float = 0.0,
    maximum: float | None = None,
    default: float | None = 0.0,
    allowed_for: tuple[Purpose, ...] = BEHAVIOUR,
) -> Feature:
    """A feature whose range follows from its unit where none is given.

    Raises ValueError where the name carries no unit, for a unit is what keeps amounts and shares apart.
    """
    usual = {"ratio": 1.0, "count": COUNT_LIMIT}.get(_parts(name)["unit"], WHOLE_LIMIT)
    top = usual if maximum is None else maximum
    return Feature(name, meaning, expression, grain, owner, minimum, top, default, allowed_for)


def _parts(name: str) -> dict[str, str]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"feature {name!r}: a name ends in {', '.join(_UNITS)}, then a window such as 90d")
    return found.groupdict()
