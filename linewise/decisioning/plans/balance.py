"""What a balance costs without a plan, compiled: the interest until it is repaid, however it is paid."""

from math import inf, isfinite, isnan, log, log1p, nan
from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["interest_until_repaid", "own_shares"]


@compiled
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


@compiled
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


@compiled
def interest_until_repaid(amount: Any, monthly: float, paid_ratio: Any, share_ratio: Any, floor_amt: Any) -> Any:
    """All interest until a balance is repaid, nothing more being bought, minor units, (n_customers,) each.

    First by minimum payments, then by the customer's own way of paying, paid_ratio of each bill: missing where that
    is, and who pays in full pays no interest. Each month `monthly` is added, and a share of the bill is paid, never
    less than a floor: while the share is above the floor the balance is a geometric series, then the floor is a level
    payment. Infinite where the payment never catches up with the interest. A bill of which 5% is paid at 0.05% a day
    costs about 38% of it in interest over 68 months, one of 10% 16.8% over 36.
    """
    by_minimum, by_own = np.empty(len(amount)), np.empty(len(amount))
    for row in range(len(amount)):
        owed, floor, own = float(amount[row]), float(floor_amt[row]), paid_ratio[row]
        by_minimum[row] = _interest(owed, monthly, share_ratio[row], floor)
        by_own[row] = nan if isnan(own) else 0.0 if own >= 1.0 else _interest(owed, monthly, own, floor)
    return by_minimum, by_own


@compiled
def own_shares(seen: Any, minimum_ratio: Any, least_count: int) -> Any:
    """The share of a bill that each customer pays, never less than the minimum; missing with too few statements.

    seen (n_customers, 2): the share of bills that was paid, and how many statements there were.
    """
    shares = np.empty(len(seen))
    for row in range(len(seen)):
        paid, count = seen[row]
        is_known = count >= least_count and isfinite(paid)
        shares[row] = max(min(max(paid, 0.0), 1.0), minimum_ratio[row]) if is_known else nan
    return shares
