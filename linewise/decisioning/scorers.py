"""The protocol through which models speak to a decision: scores for offers, coefficients for curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import expit

from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Customers, Floats, Ints

__all__ = ["Contributions", "DefaultCoefficients", "Scorers"]


@dataclass(frozen=True, slots=True)
class DefaultCoefficients:
    """The default curve of each customer in closed form, so that a curve costs one model row.

    logit PD(limit) = offset + slope * log1p(limit / scale) over the horizon of the label, turned into
    twelve months by a constant hazard: pd_12m = 1 - (1 - PD) ** (12 / horizon_months).
    offset, slope (never negative), scale_amt (minor units, positive): (n_customers,).
    """

    offset: Floats
    slope: Floats
    scale_amt: Floats
    horizon_months: float

    def pd_12m(self, limit_amt: Ints) -> Floats:
        """The probability of default within twelve months for limits (n_customers, n_grid), same shape."""
        dose = np.log1p(limit_amt / self.scale_amt[:, None])
        survival = expit(-(self.offset[:, None] + self.slope[:, None] * dose))
        return np.asarray(1.0 - survival ** (12.0 / self.horizon_months))


@dataclass(frozen=True, slots=True)
class Contributions:
    """What each input added to the log-odds: names (n_inputs,), values (n_rows, n_inputs)."""

    names: tuple[str, ...]
    values: Floats


class Scorers(Protocol):
    """Models as a decision sees them; online, batch and replay bring the same ones."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Model name to version."""

    @property
    def has_control_group(self) -> bool:
        """Whether take-up was learnt beside a control group; if not, uplift is the take-up itself."""

    def take_up(self, customers: Customers, offers: Offers) -> Floats:
        """The probability that the customer takes the offer, (n_customers, n_offers)."""

    def uplift(self, customers: Customers, offers: Offers) -> Floats:
        """What offering adds to that probability, (n_customers, n_offers)."""

    def default_coefficients(self, customers: Customers) -> DefaultCoefficients:
        """The default curve of each customer."""

    def explain_take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Contributions:
        """Contributions for the pairs (customer row, offer column), each (n_rows,)."""

    def explain_default(self, customers: Customers, rows: Ints) -> Contributions:
        """Contributions to the default score of the customers in `rows`."""
