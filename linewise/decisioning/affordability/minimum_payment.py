"""The minimum payment of a line of credit, and the largest line whose minimum payment fits a sum."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability.policy import AffordabilityPolicy
from linewise.decisioning.arrays import or_zero
from linewise.decisioning.types import Customers, Floats, Ints, Rows

__all__ = ["MinimumPayment", "minimum_payment_of"]


@dataclass(frozen=True, slots=True)
class MinimumPayment:
    """A share of what is drawn, never below a floor, never above what is drawn: ratio, floor_amt (n_customers,)."""

    ratio: Floats
    floor_amt: Ints

    def only(self, rows: Rows) -> "MinimumPayment":
        """The rules of some of the customers."""
        return MinimumPayment(self.ratio[rows], self.floor_amt[rows])

    def of(self, drawn_amt: Ints) -> Ints:
        """The payment of a month on that much drawn, (n_customers,), minor units."""
        drawn = np.maximum(drawn_amt, 0)
        share = np.ceil(self.ratio * drawn - 1e-6).astype(np.int64)
        return np.asarray(np.minimum(np.maximum(share, self.floor_amt), drawn))

    def largest_within(self, payment_amt: Ints) -> Ints:
        """The most that may be drawn so that its minimum payment is no more than that, (n_customers,)."""
        payment = np.maximum(payment_amt, 0)
        by_share = np.floor(payment / self.ratio * (1.0 + 1e-12)).astype(np.int64)
        # The quotient may be a hair too large; one minor unit less then fits.
        by_share -= np.ceil(self.ratio * by_share - 1e-6).astype(np.int64) > payment
        # Below the floor everything drawn is due at once, so no more can be drawn than can be paid.
        return np.where(payment < self.floor_amt, payment, np.maximum(by_share, payment))


def minimum_payment_of(customers: Customers, policy: AffordabilityPolicy) -> MinimumPayment:
    """The rule of the customer's own account; without one, the level payment of a loan at the reference term."""
    ratio, floor = customers.fact("minimum_payment_ratio"), customers.fact("minimum_payment_floor_amt")
    is_known = np.isfinite(ratio) & (ratio > 0)
    return MinimumPayment(
        ratio=np.where(is_known, ratio, policy.loan_payment_ratio),
        floor_amt=np.where(is_known, or_zero(floor), 0.0).astype(np.int64),
    )
