"""What scarce things cost: the shadow price of one unit of each, by which the bank's own proposals are ranked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from linewise.core.errors import UsageError
from linewise.decisioning.types import Floats

__all__ = ["NO_PRICES", "PRICE_OF", "Prices"]

PRICE_OF: Mapping[str, str] = {
    "money": "money_ratio",
    "contacts": "contact_amt",
    "exposure": "exposure_ratio",
    "loss": "loss_ratio",
    "capital": "capital_ratio",
    "seconds": "second_amt",
}
"""The scarce things, each with the field of its price."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of one unit of each scarce thing in minor units, never below zero; zero is: not scarce.

    money_ratio: of a minor unit spent on an offer; contact_amt: of a contact; exposure_ratio: of a minor
    unit of new exposure; loss_ratio: of a minor unit of expected loss; capital_ratio: of a minor unit of
    capital held; second_amt: of a second of an agent's time. They rank what the bank proposes and never
    touch what a customer asks for. Raises UsageError for a price that is negative or no number.
    """

    money_ratio: float = 0.0
    contact_amt: float = 0.0
    exposure_ratio: float = 0.0
    loss_ratio: float = 0.0
    capital_ratio: float = 0.0
    second_amt: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            price = float(getattr(self, one.name))
            if not (math.isfinite(price) and price >= 0.0):
                raise UsageError(
                    f"The price {one.name} is {price}.",
                    "A finite number of at least 0 was expected: scarce things never earn by being used.",
                )
            # One spelling of a price, 1 or 1.0, so that equal prices make the same release.
            object.__setattr__(self, one.name, price)

    def of(self, scarce: str) -> float:
        """The price of one unit of a scarce thing by its name in PRICE_OF."""
        return float(getattr(self, PRICE_OF[scarce]))

    @property
    def of_each(self) -> tuple[float, ...]:
        """The price of one unit of each scarce thing, in the order of PRICE_OF."""
        return tuple(getattr(self, field) for field in PRICE_OF.values())

    def charge_amt(
        self,
        *,
        money_amt: Floats | float = 0.0,
        contacts: Floats | float = 0.0,
        exposure_amt: Floats | float = 0.0,
        loss_amt: Floats | float = 0.0,
        capital_amt: Floats | float = 0.0,
        seconds: Floats | float = 0.0,
    ) -> Floats:
        """Σ price × use in minor units, of the shape that the uses broadcast to.

        The order of the sum is fixed and goes cell by cell, so a customer's charge does not depend on the chunk.
        """
        uses = {
            "money": money_amt,
            "contacts": contacts,
            "exposure": exposure_amt,
            "loss": loss_amt,
            "capital": capital_amt,
            "seconds": seconds,
        }
        charge = np.zeros(np.broadcast(*uses.values()).shape)
        for scarce, use in uses.items():
            if price := self.of(scarce):
                charge = charge + price * np.asarray(use, dtype=np.float64)
        return np.asarray(charge)


NO_PRICES = Prices()
"""Until a portfolio is solved nothing is scarce."""
