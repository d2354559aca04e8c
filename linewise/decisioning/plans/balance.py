"""What a balance costs without a plan, compiled: the interest until it is repaid, however it is paid."""

from math import inf, isfinite, isnan, log, log1p, nan
from typing import Any

import numpy as np
from numba import njit, vectorize

__all__ = ["interest_own_way", "interest_until_repaid", "own_share"]


@njit(nogil=True, cache=True)
def _by_level(balance: float, monthly: float, payment: float) -> float:
    """The interest of a balance repaid by a level payment; the last one is what is left."""
    if monthly < 1e-7 or balance <= 0.0:
        return 0.0
    if payment <= balance * monthly:
        return inf
    months = np.floor(-log1p(-(balance * monthly / payment)) / log1p(monthly))
    growth = (1.0 + monthly) ** months
    rest = max(balance * growth - payment * (growth - 1.0) / monthly, 0.0) * (1.0 + monthly)
    paid = payment * months + (rest if rest > 1e-6 else 0.0)
    return max(paid - balance, 0.0)


@njit(nogil=True, cache=True)
def _interest(amount: float, monthly: float, share_ratio: float, floor_amt: float) -> float:
    """The same paid by a share of each bill, never less than a floor; infinite where it never ends."""
    balance, share, least = max(amount, 0.0), min(max(share_ratio, 0.0), 1.0), max(floor_amt, 0.0)
    kept, bill = (1.0 + monthly) * (1.0 - share), balance * (1.0 + monthly)
    if not share * bill > least:
        return _by_level(balance, monthly, least)
    # A share that does not even pay the interest is paid for ever.
    if kept >= 1.0:
        return inf
    left = 0.0
    if least > 0.0 and kept > 0.0:
        # Payments by share end where they would pass below the floor.
        left = kept ** np.ceil(log(least / (share * bill)) / log(kept))
    by_share = monthly * balance * ((1.0 - left) / (1.0 - kept))
    return by_share + _by_level(balance * left, monthly, least)


@vectorize(["float64(float64, float64, float64, float64)"], nopython=True, cache=True)
def interest_until_repaid(amount: Any, monthly: Any, share_ratio: Any, floor_amt: Any) -> Any:
    """All interest until a balance is repaid, minor units, nothing more being bought; all of these broadcast.

    Each month `monthly` is added, and a share of the bill is paid, never less than a floor: while the share is above
    the floor the balance is a geometric series, then the floor is a level payment. Infinite where the payment never
    catches up with the interest. A bill of which 5% is paid at 0.05% a day costs about 38% of it in interest over 68
    months, one of 10% 16.8% over 36.
    """
    return _interest(amount, monthly, share_ratio, floor_amt)


@vectorize(["float64(float64, float64, float64, float64)"], nopython=True, cache=True)
def interest_own_way(amount: Any, monthly: Any, share_ratio: Any, floor_amt: Any) -> Any:
    """The same in the customer's own way of paying, missing where that is: who pays in full pays no interest."""
    if isnan(share_ratio):
        return nan
    return 0.0 if share_ratio >= 1.0 else _interest(amount, monthly, share_ratio, floor_amt)


@vectorize(["float64(float64, float64, float64, float64)"], nopython=True, cache=True)
def own_share(paid_ratio: Any, statement_count: Any, minimum_ratio: Any, least_count: Any) -> Any:
    """The share of a bill that a customer pays, never less than the minimum; missing with too few statements."""
    if not (statement_count >= least_count and isfinite(paid_ratio)):
        return nan
    return max(min(max(paid_ratio, 0.0), 1.0), minimum_ratio)
