"""The minimum payment of a line of credit, and the largest line whose minimum payment fits a sum."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability.kernel import largest_drawn, minimum_due
from linewise.decisioning.types import Floats, Ints, Rows

__all__ = ["MinimumPayment"]


@dataclass(frozen=True, slots=True)
class MinimumPayment:
    """A share of what is drawn, never below a floor, never above what is drawn: ratio, floor_amt (n_customers,).

    It is that of the customer's own account; without one, the level payment of a loan at the reference term.
    """

    ratio: Floats
    floor_amt: Ints

    def only(self, rows: Rows) -> "MinimumPayment":
        """The rules of some of the customers."""
        return MinimumPayment(self.ratio[rows], self.floor_amt[rows])

    def of(self, drawn_amt: Ints) -> Ints:
        """The payment of a month on that much drawn, (n_customers,), minor units; below zero nothing is drawn."""
        return np.asarray(minimum_due(self.ratio, self.floor_amt, drawn_amt))

    def largest_within(self, payment_amt: Ints) -> Ints:
        """The most that may be drawn so that its minimum payment is no more than that, (n_customers,)."""
        return np.asarray(largest_drawn(self.ratio, self.floor_amt, payment_amt))
