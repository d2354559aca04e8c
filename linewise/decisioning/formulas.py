"""Formulas of one number each, compiled: alone for other compiled functions, and for arrays that broadcast."""

from math import expm1, isfinite, isnan, log1p
from typing import Any

import numpy as np

from linewise.core.compiling import compiled, elementwise

__all__ = ["hazard_of", "hazards", "higher", "owed_months", "owed_months_of", "rates_up", "unpaid", "whole"]


@compiled
def hazard_of(pd_12m: float) -> float:
    """The constant hazard of a month under which that share, of at most 0.99, defaults within twelve."""
    return -log1p(-min(max(pd_12m, 0.0), 0.99)) / 12.0


@elementwise(["float64(float64)"])
def hazards(pd_12m: Any) -> Any:
    """The same of an array."""
    return hazard_of(pd_12m)


@compiled
def owed_months(annual_rate: float, term: float, months: float) -> float:
    """The sum of the shares of one amount that are owed at the start of the first `months` of a level plan.

    With growth g = (1 + i) ** n the share at the start of month t + 1 is (g - (1 + i) ** t) / (g - 1).
    """
    rate = annual_rate / 12.0
    if rate < 1e-9:
        return months - months * (months - 1.0) / (2.0 * term)
    # What has grown beside the one, which takes all digits of so small a growth with it.
    growth, grown = expm1(term * log1p(rate)), expm1(months * log1p(rate))
    return (months * growth - (grown / rate - months)) / growth


@elementwise(["float64(float64, float64, float64)"])
def owed_months_of(annual_rate: Any, term: Any, months: Any) -> Any:
    """The same of arrays."""
    return owed_months(annual_rate, term, months)


@compiled
def unpaid(statement_count: float, paid_ratio: float, prior: float) -> float:
    """The share of balances that was not paid when due, `prior` where there was no statement."""
    return min(max(1.0 - paid_ratio, 0.0), 1.0) if statement_count > 0.0 and isfinite(paid_ratio) else prior


@compiled
def higher(one: float, other: float) -> float:
    """The higher of two numbers of which each may be missing, 0 where both are."""
    known = other if isnan(one) else one if isnan(other) else max(one, other)
    return 0.0 if isnan(known) else known


@elementwise(["float64(float64)"])
def rates_up(rate: Any) -> Any:
    """Rounded up at 0.01%; a hair above a hundredth of a per cent is none."""
    return np.ceil(np.rint(rate * 10_000.0 * 1e7) / 1e7) / 10_000.0


@elementwise(["int64(float64)"])
def whole(amount: Any) -> Any:
    """To the minor unit, the half to the even one."""
    return np.int64(np.rint(amount))
