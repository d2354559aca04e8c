"""What the balance costs without a plan: by minimum payments, and by the customer's own way of paying."""

import numpy as np

from linewise.decisioning.affordability import MinimumPayment
from linewise.decisioning.types import Customers, Floats, Ints

__all__ = ["costs_without_plan", "interest_by_share", "own_share_ratio"]

STATEMENTS_LEAST = 3
"""With fewer statements seen nothing is known of how the customer pays."""


def interest_by_share(amount_amt: Ints, card_rate_ratio: float, share_ratio: Floats, floor_amt: Ints) -> Floats:
    """All interest until a balance is repaid, (…, n_customers), minor units, nothing more being bought.

    Each month a twelfth of the yearly rate is added, and a share of the bill is paid, never less than a
    floor: while the share is above the floor the balance is a geometric series, then the floor is a level
    payment. Infinite where the payment never catches up with the interest. A bill of which 5% is paid at
    0.05% a day costs about 38% of it in interest over 68 months, one of 10% 16.8% over 36.
    """
    monthly = card_rate_ratio / 12.0
    balance = np.maximum(amount_amt, 0).astype(np.float64)
    share = np.clip(share_ratio, 0.0, 1.0)
    floor = np.maximum(floor_amt, 0).astype(np.float64)
    kept = (1.0 + monthly) * (1.0 - share)
    # Payments by share end where they would pass below the floor: after that many months, none where they are below.
    bill = balance * (1.0 + monthly)
    is_by_share = share * bill > floor
    shrinks = is_by_share & (kept < 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.ceil(np.log(floor / (share * bill)) / np.log(kept))
    months = np.where(shrinks & (floor > 0.0) & (kept > 0.0), ends, 1.0)
    left = np.where(shrinks, np.where((floor > 0.0) | (kept <= 0.0), np.maximum(kept, 0.0) ** months, 0.0), 1.0)
    by_share = monthly * balance * np.where(shrinks, (1.0 - left) / np.where(shrinks, 1.0 - kept, 1.0), 0.0)
    # A share that does not even pay the interest is paid for ever.
    by_share = np.where(is_by_share & ~shrinks, np.inf, by_share)
    return by_share + _by_level(balance * left, monthly, floor)


def _by_level(balance: Floats, monthly: float, payment: Floats) -> Floats:
    """The interest of a balance repaid by a level payment; the last one is what is left."""
    if monthly < 1e-7:
        return np.zeros_like(balance)
    is_endless = (balance > 0.0) & (payment <= balance * monthly)
    share = np.where(is_endless | (balance <= 0.0), 0.0, balance * monthly / np.where(payment > 0.0, payment, 1.0))
    months = -np.log1p(-share) / np.log1p(monthly)
    whole = np.floor(months)
    growth = (1.0 + monthly) ** whole
    rest = np.maximum(balance * growth - payment * (growth - 1.0) / monthly, 0.0) * (1.0 + monthly)
    paid = payment * whole + np.where(rest > 1e-6, rest, 0.0)
    return np.where(is_endless, np.inf, np.where(balance > 0.0, np.maximum(paid - balance, 0.0), 0.0))


def own_share_ratio(customers: Customers, minimum: MinimumPayment) -> Floats:
    """The share of each bill that was paid in the last half year, (n_customers,); missing where nothing is known.

    It is never taken for less than the minimum.
    """
    share = customers.feature("payment_ratio_180d")
    is_known = (customers.feature("statement_count_365d") >= STATEMENTS_LEAST) & np.isfinite(share)
    return np.where(is_known, np.maximum(np.clip(share, 0.0, 1.0), minimum.ratio), np.nan)


def costs_without_plan(
    amount_amt: Ints, card_rate_ratio: float, own_share: Floats, minimum: MinimumPayment
) -> tuple[Floats, Floats]:
    """The interest until all is repaid, (n_customers,) each: by minimum payments alone, and by the own way of paying.

    own_share (n_customers,): of each bill that is paid; where it is missing its cost is too. Who pays in full pays
    no interest.
    """
    is_known = ~np.isnan(own_share)
    paid = np.where(is_known, own_share, 1.0)
    by_minimum, by_own = interest_by_share(
        amount_amt, card_rate_ratio, np.array([minimum.ratio, paid]), minimum.floor_amt
    )
    return by_minimum, np.where(is_known, np.where(paid >= 1.0, 0.0, by_own), np.nan)
