"""The protocol through which models speak to a decision: scores for offers, coefficients for curves over a limit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from scipy.special import expit

from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Customers, Floats, Ints, Texts

__all__ = [
    "AmountCoefficients",
    "Contributions",
    "DefaultCoefficients",
    "Dose",
    "Doses",
    "FallingCoefficients",
    "LimitResponse",
    "Scorers",
]


@dataclass(frozen=True, slots=True)
class Dose:
    """How a limit enters every response: a logarithm of max(limit - anchor, 0) / scale, zero at the anchor.

    dose = log1p(ratio / bend) * log 2 / log1p(1 / bend): the logarithm makes each further unit count for less (Miao et
    al., arXiv:2007.05188), the sooner the smaller the bend; at a ratio of one it is log 2 whatever the bend, and at a
    bend of one it is log1p(ratio). Below the anchor nothing is claimed: what a cut does is not what a raise does with
    the sign turned. anchor_amt (n_customers,), minor units: the limit at which the base of the coefficients stands,
    that is the line in force, 0 where there is none. scale_amt (n_customers,), minor units, positive. bend_ratio:
    positive.
    """

    anchor_amt: Ints
    scale_amt: Floats
    bend_ratio: float = 1.0

    def of(self, limit_amt: Ints) -> Floats:
        """The dose of limits (n_customers, n_grid), same shape."""
        raised = np.maximum(limit_amt - self.anchor_amt[:, None], 0)
        ratio = raised / self.scale_amt[:, None]
        if self.bend_ratio == 1.0:
            return np.asarray(np.log1p(ratio))
        return np.asarray(np.log1p(ratio / self.bend_ratio) * _unit(self.bend_ratio))

    @property
    def steepness(self) -> float:
        """By how much the dose grows with the first units of ratio: 1 at a bend of one."""
        return 1.0 if self.bend_ratio == 1.0 else _unit(self.bend_ratio) / self.bend_ratio


@lru_cache(maxsize=16)
def _unit(bend_ratio: float) -> float:
    return float(np.log(2.0) / np.log1p(1.0 / bend_ratio))


class Doses:
    """The doses of some limits, (n_customers, n_grid): the responses to a limit share theirs, which is made once."""

    def __init__(self, limit_amt: Ints) -> None:
        self._limit_amt = limit_amt
        self._known: list[tuple[Dose, Floats]] = []

    def of(self, dose: Dose) -> Floats:
        """How the limits enter by this one, same shape."""
        for known, found in self._known:
            if known is dose:
                return found
        found = dose.of(self._limit_amt)
        self._known.append((dose, found))
        return found


@dataclass(frozen=True, slots=True)
class DefaultCoefficients:
    """The default curve of each customer in closed form, so that a curve costs one model row.

    logit PD(limit) = offset + slope * dose(limit) over the horizon of the label, turned into twelve months by
    a constant hazard: pd_12m = 1 - (1 - PD) ** (12 / horizon_months).
    offset, slope (never negative), slope_error (one standard error, never negative): (n_customers,).
    """

    offset: Floats
    slope: Floats
    slope_error: Floats
    dose: Dose
    horizon_months: float

    def pd_12m(self, limit_amt: Ints) -> Floats:
        """The probability of default within twelve months for limits (n_customers, n_grid), same shape."""
        return self.at(self.dose.of(limit_amt))

    def at(self, dose: Floats) -> Floats:
        """The same at doses (n_customers, n_grid) that are known already."""
        return self.pd_of(expit(-(self.offset[:, None] + self.slope[:, None] * dose)))

    def pd_of(self, surviving: Floats) -> Floats:
        """The same of the probability that no default comes within the horizon, same shape."""
        return np.asarray(1.0 - surviving ** (12.0 / self.horizon_months))

    def cautious(self, errors: float) -> "DefaultCoefficients":
        """The same with the slope raised by so many standard errors (none or more)."""
        return replace(self, slope=self.slope + errors * self.slope_error)


@dataclass(frozen=True, slots=True)
class AmountCoefficients:
    """An amount that answers to the limit: amount(limit) = base + slope * dose(limit), minor units.

    Non-decreasing and concave in the limit, since the slope is never negative. base_amt, slope_amt,
    slope_error_amt (one standard error, never negative): (n_customers,).
    """

    base_amt: Floats
    slope_amt: Floats
    slope_error_amt: Floats
    dose: Dose

    def amount(self, limit_amt: Ints) -> Floats:
        """The amount for limits (n_customers, n_grid), same shape, minor units."""
        return np.asarray(self.base_amt[:, None] + self.slope_amt[:, None] * self.dose.of(limit_amt))

    def cautious(self, errors: float) -> "AmountCoefficients":
        """The same with the slope lowered by so many standard errors (none or more), never below zero."""
        return replace(self, slope_amt=np.maximum(self.slope_amt - errors * self.slope_error_amt, 0.0))


@dataclass(frozen=True, slots=True)
class FallingCoefficients:
    """What a raise takes away: what is left at a limit is max(base - slope * dose(limit), 0), whatever its unit.

    base, slope, slope_error (one standard error), neither negative: (n_customers,).
    """

    base: Floats
    slope: Floats
    slope_error: Floats
    dose: Dose


@dataclass(frozen=True, slots=True)
class LimitResponse:
    """What a limit does to each customer: default, balance and spending.

    balance: what is owed twelve months on, whether it bears interest or not; spend: purchases within twelve
    months. is_loan (n_customers,): there is no line and default was learnt from loans, so that what is granted is
    paid out whole. sources: component to (n_customers,) "model:version" where one has learnt it, "assumption:name"
    where it is assumed, both with " + " between where what is learnt is weighed with what is assumed, and "loan" of
    what is_loan decides. declined: purchases declined within twelve months, minor units; attrition: the probability of
    giving the last card back within them; None where no model has learnt it.
    """

    default: DefaultCoefficients
    balance: AmountCoefficients
    spend: AmountCoefficients
    is_loan: Bools
    sources: Mapping[str, Texts]
    declined: FallingCoefficients | None = None
    attrition: FallingCoefficients | None = None


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

    def take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Floats:
        """The probability of taking it, for the pairs (customer row, offer column), each (n_pairs,); any number."""

    def uplift(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints, taken_if_shown: Floats) -> Floats:
        """What showing it adds to that probability, (n_pairs,); taken_if_shown is what `take_up` gave for the pairs."""

    def default(self, customers: Customers) -> DefaultCoefficients:
        """The default of `limit_response` alone, for who asks for nothing else."""

    def limit_response(self, customers: Customers) -> LimitResponse:
        """What a limit does to each customer, as coefficients."""

    def explain_take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Contributions:
        """Contributions for the pairs (customer row, offer column), each (n_rows,)."""

    def explain_default(self, customers: Customers, rows: Ints) -> Contributions:
        """Contributions to the default score of the customers in `rows`."""
