"""What a customer who pays in full would buy in a cycle, and what of it a line declines."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.limits.curves import declined, declined_share
from linewise.decisioning.types import Floats, Ints

__all__ = ["CycleDemand"]


@dataclass(frozen=True, slots=True)
class CycleDemand:
    """Purchases wanted in a cycle, normal with mean_amt and spread_amt (one standard deviation), (n_customers,).

    Who pays in full needs the line for one cycle at a time, so that the best line is the newsvendor's: the
    one above which demand lies with the probability cost of a unit of line / margin of a unit of spend
    (Budd and Taylor, arXiv:1506.05376). A test holds the value of lines to that.
    """

    mean_amt: Floats
    spread_amt: Floats

    def declined_amt(self, limit_amt: Ints) -> Floats:
        """What lies above the line in a mean cycle, (n_customers, n_grid): E[(demand - limit)+], falling and convex."""
        return np.asarray(declined(limit_amt, self.mean_amt[:, None], self.spread_amt[:, None]))

    def declined_ratio(self, limit_amt: Ints) -> Floats:
        """The same as a share of what is wanted, at most 1; 0 where nothing is."""
        return np.asarray(declined_share(limit_amt, self.mean_amt[:, None], self.spread_amt[:, None]))
